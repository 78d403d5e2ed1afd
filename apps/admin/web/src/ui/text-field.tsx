import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  label: string;
  hint?: string;
  placeholder?: string;
  lines?: number;
}

/** A line of text to fill in, or several. */
export function TextField({ label, hint, placeholder, lines = 1, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} className="field">
      <Label>{label}</Label>
      {lines > 1 ? (
        <TextArea rows={lines} placeholder={placeholder ?? ''} className="input" />
      ) : (
        <Input placeholder={placeholder ?? ''} className="input" />
      )}
      {hint === undefined ? null : (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error" />
    </AriaTextField>
  );
}
