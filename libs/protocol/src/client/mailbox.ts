/** Jobs done one at a time, in the order in which they came. */
export class Mailbox {
  readonly #limit: number;
  readonly #onRoom: () => void;
  readonly #jobs: (() => Promise<void>)[] = [];
  #busy = false;

  /**
   * @param limit so many waiting jobs make it full
   * @param onRoom called when it was full and half of that is done
   */
  constructor(limit: number, onRoom: () => void) {
    this.#limit = limit;
    this.#onRoom = onRoom;
  }

  /** Whether whoever fills it should pause. */
  get full(): boolean {
    return this.#jobs.length >= this.#limit;
  }

  /** Adds a job, which must not reject. */
  push(job: () => Promise<void>): void {
    this.#jobs.push(job);
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      await job();
      if (this.#jobs.length === this.#limit >> 1) this.#onRoom();
    }
    this.#busy = false;
  }
}
