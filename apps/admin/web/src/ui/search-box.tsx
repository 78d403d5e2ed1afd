import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, Input, Label, SearchField } from 'react-aria-components';

/** Pause in the typing after which the search begins, ms. */
const TYPING_PAUSE_MS = 250;

export interface SearchBoxProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

/** Text to search for. The list is asked when the typing pauses, or at once on Enter. `/` jumps here. */
export function SearchBox({ label, placeholder, value, onChange }: SearchBoxProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The address bar may change it too (a link, the way back).
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  }, [onChange]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => change.current(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <SearchField
      className="field search"
      value={text}
      onChange={setText}
      onSubmit={onChange}
      onClear={() => onChange('')}
    >
      <Label>{label}</Label>
      <div className="search-box">
        <Search size={16} aria-hidden />
        <Input
          className="input"
          placeholder={placeholder}
          data-search
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
        />
        <Button className="search-clear" aria-label="Clear the search">
          <X size={14} aria-hidden />
        </Button>
      </div>
    </SearchField>
  );
}
