import {
  FieldError,
  Input,
  Label,
  NumberField as AriaNumberField,
  Text,
  type NumberFieldProps as AriaNumberFieldProps,
} from 'react-aria-components';

export interface NumberFieldProps extends Omit<AriaNumberFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  hint?: string;
}

/** A number to type in. */
export function NumberField({ label, hint, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField {...props} className="field">
      <Label>{label}</Label>
      <Input className="input input-number" />
      {hint === undefined ? null : (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error" />
    </AriaNumberField>
  );
}
