/** Whose messages they are. */
export interface MailboxOwner<T> {
  /** Handles one message to its end. Never rejects. */
  handle(message: T): Promise<void>;
  /** A message is done; others may wait. */
  settled(): void;
  /** Nothing waits and nothing is handled any more. */
  idle(): void;
}

/** Handled messages are cut off the front of the list in steps of this many. */
const COMPACT_AT = 256;

/**
 * The messages of one connection that wait for their handler. One is handled at a time, in order; the next one
 * begins when the promise of the last has settled. An idle mailbox holds no list.
 */
export class Mailbox<T> {
  #waiting: T[] | undefined;
  #next = 0;
  #running = false;

  constructor(private readonly owner: MailboxOwner<T>) {}

  /** Messages that wait; the one being handled is not counted. */
  get waiting(): number {
    return this.#waiting === undefined ? 0 : this.#waiting.length - this.#next;
  }

  /** True while a message is handled. */
  get busy(): boolean {
    return this.#running;
  }

  push(message: T): void {
    if (this.#waiting === undefined) this.#waiting = [message];
    else this.#waiting.push(message);
    if (!this.#running) void this.#run();
  }

  /** Forgets what waits. The message being handled goes on. */
  clear(): void {
    this.#waiting = undefined;
    this.#next = 0;
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let message = this.#shift(); message !== undefined; message = this.#shift()) {
      await this.owner.handle(message);
      this.owner.settled();
    }
    this.#running = false;
    this.owner.idle();
  }

  #shift(): T | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    const message = waiting[this.#next];
    this.#next += 1;
    if (this.#next === waiting.length) this.clear();
    else if (this.#next === COMPACT_AT) {
      waiting.splice(0, COMPACT_AT);
      this.#next = 0;
    }
    return message;
  }
}
