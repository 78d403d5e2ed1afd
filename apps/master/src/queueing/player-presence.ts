import { Injectable } from '@nestjs/common';
import type { LeftPlayer } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { silenceMs } from '../matchmaking/deadlines.js';

/** What changed since the last tick; one statement each. */
export interface PlayerChanges {
  /** Accounts of which a sign of life came. */
  seen: string[];
  /** Those whose connection ended, and who have not come back to this node. */
  left: LeftPlayer[];
}

/**
 * Which players are there. Signs of life, and that somebody left, reach the rows with the next tick, in one statement for
 * all; who is away keeps his place in the queue for a while, but is not matched, by whatever node.
 */
@Injectable()
export class PlayerPresence {
  private seen = new Set<string>();
  private left = new Map<string, LeftPlayer>();

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
  ) {
    registry.onOpen(({ peer }) => {
      if (peer.kind === 'player') this.heard(peer.accountId);
    });
    registry.onClose(({ id, peer }, cause, replaced) => {
      // Who was superseded is there still, here or on another node.
      if (peer.kind !== 'player' || replaced || cause === 'closed:superseded') return;
      this.seen.delete(peer.accountId);
      const { accountId } = peer;
      this.left.set(accountId, { accountId, connectionId: id, at: this.clock.now() });
    });
  }

  /** A sign of life. */
  heard(accountId: string): void {
    this.seen.add(accountId);
    this.left.delete(accountId);
  }

  /** What changed since the last call. If it could not be written, give it back with {@link putBack}. */
  take(): PlayerChanges {
    const changes = {
      seen: [...this.seen],
      left: [...this.left.values()],
    };
    this.seen = new Set();
    this.left = new Map();
    return changes;
  }

  /** Notes again what was taken and not written; what happened since is newer. */
  putBack({ seen, left }: PlayerChanges): void {
    for (const accountId of seen) if (!this.left.has(accountId)) this.seen.add(accountId);
    for (const player of left) {
      const { accountId } = player;
      if (!this.seen.has(accountId) && !this.left.has(accountId)) this.left.set(accountId, player);
    }
  }

  /**
   * Judges who can be matched at `now`.
   * @param alone whether every player is connected to this process; else one that is not may be with another node, and
   *   then his row tells: it was touched lately, and not set back because he left
   */
  presentAt(now: number, alone: boolean): (player: { accountId: string; lastSeen: number }) => boolean {
    const since = now - silenceMs(this.config);
    return ({ accountId, lastSeen }) =>
      this.registry.player(accountId) !== undefined || (!alone && lastSeen > since);
  }
}
