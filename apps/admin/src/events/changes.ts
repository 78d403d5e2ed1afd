/** Tells which rows of a list differ from those that were shown last. */
export class Changes<Row> {
  private readonly shown = new Map<string, string>();

  constructor(
    private readonly keyOf: (row: Row) => string,
    /** Rows remembered at most; the one shown longest ago is forgotten, and would be shown again. */
    private readonly max = 20_000,
  ) {}

  /** Rows that are new or differ; they count as shown from now on. */
  take(rows: readonly Row[]): Row[] {
    const changed = rows.filter((row) => {
      const key = this.keyOf(row);
      const text = JSON.stringify(row);
      if (this.shown.get(key) === text) return false;
      this.shown.delete(key);
      this.shown.set(key, text);
      return true;
    });
    for (const oldest of this.shown.keys()) {
      if (this.shown.size <= this.max) break;
      this.shown.delete(oldest);
    }
    return changed;
  }

  clear(): void {
    this.shown.clear();
  }
}
