import type { Clock } from '../clock/clock.js';
import { TokenBuckets } from '../limits/token-buckets.js';
import type { RefusalAtTheDoor } from './channel-counters.js';

/** A connection that is not yet authenticated. */
export interface Unauthenticated {
  /** Ends it at once, to make room; it then leaves the limits by itself. */
  evict(): void;
}

/** How many may stand unauthenticated before the doors. */
export interface HandshakeLimitSettings {
  /** At once, in all. */
  readonly maxUnauthenticated: number;
  /** At once, of one address. */
  readonly maxUnauthenticatedPerAddress: number;
  /** Token bucket per address. */
  readonly handshakesPerSecond: number;
  readonly handshakeBurst: number;
}

/** Addresses whose token buckets are remembered. */
const MAX_ADDRESSES = 16_384;

/**
 * What keeps strangers from using the master up, for both doors together. When the total is reached, an address that
 * holds fewer places than another takes one of the other's, so that a crowd from few addresses does not shut out the rest.
 */
export class HandshakeLimits {
  readonly #byAddress = new Map<string, Set<Unauthenticated>>();
  readonly #buckets: TokenBuckets;
  #total = 0;

  constructor(
    private readonly settings: HandshakeLimitSettings,
    clock: Clock,
  ) {
    const { handshakesPerSecond: perSecond, handshakeBurst: burst } = settings;
    this.#buckets = new TokenBuckets(clock, { perSecond, burst, maxKeys: MAX_ADDRESSES });
  }

  /** Connections that are not yet authenticated. */
  get total(): number {
    return this.#total;
  }

  /**
   * Asks for a place, and makes one if need be. @param key of the address, see `addressKey`
   * @returns why there is none, or undefined; then call `add`
   */
  refuse(key: string): RefusalAtTheDoor | undefined {
    if (this.#buckets.take(key) > 0) return 'rate';
    const held = this.#byAddress.get(key)?.size ?? 0;
    if (held >= this.settings.maxUnauthenticatedPerAddress) return 'address';
    if (this.#total < this.settings.maxUnauthenticated) return undefined;
    this.#evictFromLargest(held + 1);
    return this.#total < this.settings.maxUnauthenticated ? undefined : 'total';
  }

  add(key: string, connection: Unauthenticated): void {
    const held = this.#byAddress.get(key);
    if (held) held.add(connection);
    else this.#byAddress.set(key, new Set([connection]));
    this.#total += 1;
  }

  /** Gives the place back; may be called more than once. */
  remove(key: string, connection: Unauthenticated): void {
    const held = this.#byAddress.get(key);
    if (!held?.delete(connection)) return;
    this.#total -= 1;
    if (held.size === 0) this.#byAddress.delete(key);
  }

  /** Ends the oldest connection of the address that holds the most, if those are more than `moreThan`. */
  #evictFromLargest(moreThan: number): void {
    let largest: Set<Unauthenticated> | undefined;
    for (const held of this.#byAddress.values()) {
      if (held.size > (largest?.size ?? moreThan)) largest = held;
    }
    const oldest = largest?.values().next();
    if (oldest && !oldest.done) oldest.value.evict();
  }
}
