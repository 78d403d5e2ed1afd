/** The server's time as the page knows it. Operators' machines may be minutes off; ages would be wrong by as much. */
export class Clock {
  #offset = 0;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | null = null;
  #now: number;

  constructor(private readonly read: () => number = Date.now) {
    this.#now = read();
  }

  /** Unix ms by the server's clock, as of the last beat: the same for everything that is shown at once. */
  readonly now = (): number => this.#now;

  /** Unix ms by the server's clock, this moment: for what is written down, not for what is shown. */
  moment(): number {
    return this.read() + this.#offset;
  }

  /** Takes the server's time from an answer that just came. A difference below two seconds is the way, not the clock. */
  adjust(serverNow: number): void {
    const offset = serverNow - this.read();
    this.#offset = Math.abs(offset) < 2000 ? 0 : offset;
    this.#beat();
  }

  /** Calls `listener` once a second while anybody listens; gives what ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === null) {
      this.#now = this.read() + this.#offset;
      this.#timer = setInterval(() => this.#beat(), 1000);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    };
  };

  #beat(): void {
    this.#now = this.read() + this.#offset;
    for (const listener of this.#listeners) listener();
  }
}

/** The page's clock. */
export const pageClock = new Clock();
