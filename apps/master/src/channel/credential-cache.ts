import type { FoundCredential } from './authenticator.js';
import type { Peer } from './peer.js';

interface Entry<P extends Peer> {
  readonly found: FoundCredential<P> | undefined;
  readonly until: number;
}

/**
 * Look-ups that ended in a forged HELLO, kept for a moment: who sends more of them does not reach the database.
 * Only failures are remembered, so in ordinary use every handshake sees the row as it is; and as a handshake asks
 * again before it opens a connection, an old row never lets anybody in.
 */
export class CredentialCache<P extends Peer> {
  readonly #entries = new Map<string, Entry<P>>();
  hits = 0;

  constructor(
    private readonly clock: { elapsed(): number },
    private readonly limits = { ttlMs: 1000, capacity: 4096 },
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  /** @returns undefined if nothing is remembered; else what was found, which may be nothing */
  get(id: string): { readonly found: FoundCredential<P> | undefined } | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    if (entry.until > this.clock.elapsed()) {
      this.hits += 1;
      return entry;
    }
    this.#entries.delete(id);
    return undefined;
  }

  /** Remembers what was found under an id in whose name a HELLO was forged. */
  remember(id: string, found: FoundCredential<P> | undefined): void {
    if (this.#entries.has(id)) return;
    if (this.#entries.size >= this.limits.capacity) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(id, { found, until: this.clock.elapsed() + this.limits.ttlMs });
  }
}
