import { Switch } from 'react-aria-components';
import type { ReactNode } from 'react';

export interface ToggleProps {
  isSelected: boolean;
  onChange: (isSelected: boolean) => void;
  children: ReactNode;
}

/** On or off, at once. */
export function Toggle({ isSelected, onChange, children }: ToggleProps) {
  return (
    <Switch className="toggle" isSelected={isSelected} onChange={onChange}>
      <span className="toggle-track" aria-hidden>
        <span className="toggle-thumb" />
      </span>
      {children}
    </Switch>
  );
}
