/** Longest text of a game server that is shown. */
const MAX_LENGTH = 400;

/** A game server's words: nothing in them may be invisible, or turn or break a line. */
export function oneLine(text: string): string {
  return text
    .slice(0, MAX_LENGTH)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
