import { useEffect, useRef, useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { ApiError } from '../api/api-error.js';
import { PRODUCT_ICON as ProductIcon } from '../layout/navigation-items.js';
import { pageClock } from '../time/clock.js';
import { useNow } from '../time/use-now.js';
import { Button } from '../ui/button.js';

export interface TokenPageProps {
  /** Why one is here again. */
  notice: string | null;
  /** Rejects when the token is not taken. */
  onToken: (token: string) => Promise<void>;
}

/** The last of the three locks: takes the token. It is kept in the page's memory and forgotten with it. */
export function TokenPage({ notice, onToken }: TokenPageProps) {
  const [isTrying, setTrying] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [waitUntil, setWaitUntil] = useState(0);
  const wait = useNow((now) => Math.max(0, Math.ceil((waitUntil - now) / 1000)));
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Token · RankedServer';
    input.current?.focus();
  }, []);

  const submit = async (form: HTMLFormElement) => {
    const token = String(new FormData(form).get('token') ?? '').trim();
    if (token === '' || isTrying || wait > 0) return;
    setTrying(true);
    setProblem(null);
    try {
      await onToken(token);
    } catch (error) {
      form.reset();
      const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : null;
      if (retryAfterMs !== null) setWaitUntil(pageClock.now() + retryAfterMs);
      setProblem(problemText(error));
      setTrying(false);
      input.current?.focus();
    }
  };

  return (
    <main className="token-page">
      <div className="token-card">
        <h1 className="token-title">
          <ProductIcon size={22} aria-hidden /> RankedServer
        </h1>
        {notice === null ? null : (
          <p className="banner" role="status">
            {notice}
          </p>
        )}
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void submit(event.currentTarget);
          }}
        >
          <TextField
            name="token"
            type="password"
            isRequired
            className="field"
            autoComplete="off"
            isInvalid={problem !== null}
            validationBehavior="aria"
          >
            <Label>Token</Label>
            <Input ref={input} className="input" spellCheck={false} />
            <Text slot="description" className="field-hint">
              From <code>TBQ_ADMIN_TOKEN</code>, or the file that the first start named. It is kept in this
              page’s memory only and gone when you load it again.
            </Text>
            <FieldError className="field-error">{problem}</FieldError>
          </TextField>
          {wait > 0 ? (
            <p role="timer" className="muted">
              Wrong tokens slow down: the next try counts in {wait} s.
            </p>
          ) : null}
          <Button type="submit" look="primary" isDisabled={wait > 0}>
            {isTrying ? 'Trying …' : 'Open the dashboard'}
          </Button>
        </Form>
      </div>
    </main>
  );
}

function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Something in this page broke. Loading it again may help.';
  if (error.status === 401 && error.retryAfterMs !== null) {
    return 'Too soon after a wrong token: this one was not looked at.';
  }
  if (error.status === 401) return 'That is not the token. The try was written to the audit log.';
  return error.message;
}
