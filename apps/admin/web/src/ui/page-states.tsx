import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { ProgressBar } from 'react-aria-components';
import { ApiError } from '../api/api-error.js';
import { Button } from './button.js';

/** What stands while something loads. */
export function Loading({ what }: { what: string }) {
  return (
    <ProgressBar isIndeterminate aria-label={`Loading ${what}`} className="loading">
      <span className="loading-dot" />
      <span>Loading {what} …</span>
    </ProgressBar>
  );
}

/** What stands where there is nothing to show, and why. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

export interface FailureProps {
  what: string;
  error: unknown;
  onRetry?: (() => void) | undefined;
}

/** What stands where something could not be loaded or done. */
export function Failure({ what, error, onRetry }: FailureProps) {
  return (
    <div className="failure" role="alert">
      <CircleAlert size={18} aria-hidden />
      <div>
        <p className="failure-title">{what}</p>
        <p>{failureText(error)}</p>
        {error instanceof ApiError && error.requestId !== null ? (
          <p className="muted">
            Request <code>{error.requestId}</code>
          </p>
        ) : null}
      </div>
      {onRetry === undefined ? null : <Button onPress={onRetry}>Try again</Button>}
    </div>
  );
}

function failureText(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return 'Something in this page broke. Loading it again may help.';
}
