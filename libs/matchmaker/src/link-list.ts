/** Links between numbered things, in both directions, the same one any number of times. Read after {@link close} only. */
export class LinkList {
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  /** Where the links of each thing begin in {@link ends}. */
  private readonly start: Int32Array;
  private ends = new Int32Array(0);

  /** `things`: how many there are. */
  constructor(things: number) {
    this.start = new Int32Array(things + 1);
  }

  /** Links added so far. */
  get length(): number {
    return this.from.length;
  }

  add(a: number, b: number): void {
    this.from.push(a);
    this.to.push(b);
    this.start[a] = (this.start[a] as number) + 1;
    this.start[b] = (this.start[b] as number) + 1;
  }

  /** Puts the links of each thing side by side. */
  close(): void {
    const { from, to, start } = this;
    let total = 0;
    for (let thing = 0; thing < start.length; thing++) {
      total += start[thing] as number;
      start[thing] = total;
    }
    this.ends = new Int32Array(total);
    // Filled from behind, so that the ends of the ranges become their beginnings.
    const put = (a: number, b: number) => {
      const place = (start[a] as number) - 1;
      start[a] = place;
      this.ends[place] = b;
    };
    for (let i = from.length - 1; i >= 0; i--) {
      put(from[i] as number, to[i] as number);
      put(to[i] as number, from[i] as number);
    }
  }

  /** What a thing is linked to. */
  of(thing: number): Int32Array {
    return this.ends.subarray(this.start[thing], this.start[thing + 1]);
  }

  /** How many links there are between two things. */
  count(a: number, b: number): number {
    const { start, ends } = this;
    let [from, end] = [start[a] as number, start[a + 1] as number];
    if (from === end) return 0;
    let other = b;
    // The shorter list will do: somebody may be linked to thousands.
    if ((start[b + 1] as number) - (start[b] as number) < end - from) {
      from = start[b] as number;
      end = start[b + 1] as number;
      other = a;
    }
    let links = 0;
    for (let i = from; i < end; i++) if (ends[i] === other) links++;
    return links;
  }
}
