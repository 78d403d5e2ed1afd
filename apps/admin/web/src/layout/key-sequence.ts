/** Time between `g` and the letter after it, ms. */
export const SEQUENCE_MS = 1500;

/** Keys that the page listens to, as they are shown in the help. */
export type ShortcutAction =
  { kind: 'go'; key: string } | { kind: 'help' } | { kind: 'search' } | { kind: 'times' } | { kind: 'pause' };

/** Reads keys one by one: `g` and a letter goes to a page, `?`, `/`, `t` and `p` act at once. */
export class KeySequence {
  #goUntil = Number.NEGATIVE_INFINITY;

  /** `at`: Unix ms. Gives what the key means, or null. */
  press(key: string, at: number): ShortcutAction | null {
    if (at < this.#goUntil) {
      this.#goUntil = Number.NEGATIVE_INFINITY;
      return { kind: 'go', key };
    }
    switch (key) {
      case 'g':
        this.#goUntil = at + SEQUENCE_MS;
        return null;
      case '?':
        return { kind: 'help' };
      case '/':
        return { kind: 'search' };
      case 't':
        return { kind: 'times' };
      case 'p':
        return { kind: 'pause' };
      default:
        return null;
    }
  }
}
