/** Counts of things by kind. The kinds are the program's own words, never a peer's, so it stays small. */
export class Tally<K extends string = string> {
  readonly #counts = new Map<K, number>();

  add(kind: K): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  of(kind: K): number {
    return this.#counts.get(kind) ?? 0;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
