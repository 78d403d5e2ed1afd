/** Entries that could make a match, and how far apart they are. */
export interface Group {
  readonly entries: number[];
  /** Points between the strongest and the weakest. */
  readonly spread: number;
}
