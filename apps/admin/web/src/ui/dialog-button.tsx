import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './button.js';
import { useOpenDialog } from './dialog-host.js';

export interface DialogButtonProps {
  label: string;
  /** What it is about; read out after the label, where many buttons have the same. */
  about?: string;
  look?: ButtonProps['look'];
  isDisabled?: boolean;
  title: string;
  /** What is in the dialog, as things are when it is opened; it begins anew each time. */
  children: (close: () => void) => ReactNode;
}

/** A button that opens a dialog. */
export function DialogButton({
  label,
  about,
  look = 'plain',
  isDisabled = false,
  title,
  children,
}: DialogButtonProps) {
  const open = useOpenDialog();
  return (
    <Button
      look={look}
      isDisabled={isDisabled}
      aria-haspopup="dialog"
      {...(about === undefined ? {} : { 'aria-label': `${label} ${about}` })}
      onPress={() => open({ title, children })}
    >
      {label}
    </Button>
  );
}
