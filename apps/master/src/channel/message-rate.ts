/** The token bucket of one connection: how many messages it may send. */
export class MessageRate {
  #tokens: number;
  #at: number;

  /** @param settings one object for all connections @param elapsed now, in ms */
  constructor(
    private readonly settings: { readonly messagesPerSecond: number; readonly messageBurst: number },
    elapsed: number,
  ) {
    this.#tokens = settings.messageBurst;
    this.#at = elapsed;
  }

  /** @param elapsed now, in ms @returns false if there is no token left */
  take(elapsed: number): boolean {
    const { messagesPerSecond, messageBurst } = this.settings;
    this.#tokens = Math.min(messageBurst, this.#tokens + ((elapsed - this.#at) * messagesPerSecond) / 1000);
    this.#at = elapsed;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
