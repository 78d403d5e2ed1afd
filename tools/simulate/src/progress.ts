const WIDTH = 79;

/** Says on a terminal's one line, or in a log's many, which run is under way. */
export class Progress {
  #run = 0;
  #label = '';

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** The next run begins. */
  begin(label: string): void {
    this.#run++;
    this.#label = label;
    if (this.out.isTTY) this.update(0);
    else this.out.write(`run ${this.#run}: ${label} ...\n`);
  }

  /** `share`: of the run that is done, 0 to 1. */
  update(share: number): void {
    if (!this.out.isTTY) return;
    const line = `run ${this.#run}: ${this.#label}, ${Math.round(100 * share)} %`;
    this.out.write(`\r${line.slice(0, WIDTH).padEnd(WIDTH)}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.out.isTTY) this.out.write(`\r${' '.repeat(WIDTH)}\r`);
  }
}
