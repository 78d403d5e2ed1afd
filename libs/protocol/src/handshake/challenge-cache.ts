/** How a cache of client challenges is set up. */
export interface ChallengeCacheOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Most challenges remembered. Default 131,072, about 20 MB when full. */
  readonly capacity?: number;
  /** How long each is remembered, in ms. Default 240,000: a HELLO is inside the drift no longer than twice 120 s. */
  readonly ttlMs?: number;
}

const DEFAULT_CAPACITY = 131_072;
const DEFAULT_TTL_MS = 240_000;

/**
 * The client challenges seen lately, so that a recorded HELLO gets no answer.
 *
 * When it is full the oldest is forgotten and counted. Only a HELLO with a right HMAC gets in, so only holders of
 * credentials can fill it, and all they win is that an old HELLO of theirs is answered once more: without its private key
 * nobody can finish that handshake. Refusing newcomers instead would let one of them lock the others out.
 */
export class ChallengeCache {
  readonly #now: () => number;
  readonly #capacity: number;
  readonly #ttlMs: number;
  /** Challenge to the time it was put in; a Map iterates in the order of insertion, oldest first. */
  readonly #seen = new Map<string, number>();
  #evicted = 0;

  constructor(options: ChallengeCacheOptions) {
    this.#now = options.now;
    this.#capacity = options.capacity ?? DEFAULT_CAPACITY;
    this.#ttlMs = options.ttlMs ?? DEFAULT_TTL_MS;
  }

  /** Challenges remembered at present. */
  get size(): number {
    return this.#seen.size;
  }

  /** Challenges forgotten before their time because the cache was full. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Puts a challenge in. False if it was there already: the HELLO is a replay. */
  add(clientChallenge: Uint8Array): boolean {
    const now = this.#now();
    this.#forgetOld(now);
    const key = Buffer.from(clientChallenge).toString('latin1');
    if (this.#seen.has(key)) return false;
    if (this.#seen.size >= this.#capacity) this.#evictOldest();
    this.#seen.set(key, now);
    return true;
  }

  #forgetOld(now: number): void {
    for (const [key, since] of this.#seen) {
      if (now - since <= this.#ttlMs) return;
      this.#seen.delete(key);
    }
  }

  #evictOldest(): void {
    for (const key of this.#seen.keys()) {
      this.#seen.delete(key);
      this.#evicted += 1;
      return;
    }
  }
}
