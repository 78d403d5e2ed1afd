import type { StateWord } from '../format/state-words.js';

/** A state in a word. Its colour says nothing that the word does not. */
export function Badge({ word }: { word: StateWord }) {
  return (
    <span className={`badge badge-${word.tone}`} title={word.meaning}>
      {word.label}
    </span>
  );
}
