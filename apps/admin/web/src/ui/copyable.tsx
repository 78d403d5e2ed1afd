import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';

export interface CopyableProps {
  text: string;
  /** What is shown of it, if not all. */
  shown?: string;
  /** What it is: `match id`. */
  what: string;
}

/** An id or a key, with a button that copies the whole of it. */
export function Copyable({ text, shown, what }: CopyableProps) {
  const [copied, setCopied] = useState(false);
  return (
    <span className="copyable">
      <code title={text}>{shown ?? text}</code>
      <Button
        className="icon-button"
        aria-label={copied ? `Copied the ${what}` : `Copy the ${what}`}
        onPress={() => {
          void navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
        onBlur={() => setCopied(false)}
      >
        {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      </Button>
    </span>
  );
}
