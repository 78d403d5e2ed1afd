import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** `primary` is the one thing to do; `danger` cannot be taken back; `quiet` stands in a row of others. */
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
  icon?: ReactNode;
  children?: ReactNode;
}

/** A button. While `isPending` it says so and takes no second press. */
export function Button({ look = 'plain', icon, children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button button-${look}`}>
      {icon}
      {children}
    </AriaButton>
  );
}
