import { Injectable } from '@nestjs/common';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { silenceMs } from '../matchmaking/deadlines.js';

/**
 * Which players are there. A sign of life reaches the rows with the next tick, in one statement for all; who is away
 * keeps his place in the queue for a while, but is not matched.
 */
@Injectable()
export class PlayerPresence {
  private seen = new Set<string>();
  /** Players whose connection to this node ended, with the time; forgotten after `queueGraceMs`. */
  private readonly away = new Map<string, number>();

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
  ) {
    registry.onOpen(({ peer }) => {
      if (peer.kind === 'player') this.heard(peer.accountId);
    });
    registry.onClose(({ peer }, _cause, replaced) => {
      if (peer.kind !== 'player' || replaced) return;
      this.away.delete(peer.accountId);
      this.away.set(peer.accountId, this.clock.now());
    });
  }

  /** A sign of life. */
  heard(accountId: string): void {
    this.seen.add(accountId);
    this.away.delete(accountId);
  }

  /** Who gave a sign of life since the last call. If it could not be written, give it back with {@link putBack}. */
  takeSeen(): string[] {
    this.forgetLongAway();
    const seen = [...this.seen];
    this.seen = new Set();
    return seen;
  }

  /** Notes again what was taken and not written. */
  putBack(accountIds: readonly string[]): void {
    for (const accountId of accountIds) this.seen.add(accountId);
  }

  /**
   * Judges who can be matched at `now`.
   * @param alone whether every player is connected to this process; else one that is not may be with another node, and
   *   then his row tells: it was touched lately, and after he left here
   */
  presentAt(now: number, alone: boolean): (player: { accountId: string; lastSeen: number }) => boolean {
    const since = now - silenceMs(this.config);
    return ({ accountId, lastSeen }) => {
      if (this.registry.player(accountId)) return true;
      return !alone && lastSeen >= since && lastSeen > (this.away.get(accountId) ?? 0);
    };
  }

  private forgetLongAway(): void {
    const before = this.clock.now() - this.config.queueGraceMs - this.config.heartbeatMs;
    for (const [accountId, at] of this.away) {
      if (at >= before) break;
      this.away.delete(accountId);
    }
  }
}
