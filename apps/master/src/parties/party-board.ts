import { Injectable } from '@nestjs/common';
import type { LeftPlayer } from '@ranked/store';
import type { Connection } from '../channel/connection.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';

/** The party that a connection was last told of, and its version. */
interface ToldParty {
  readonly partyId: string;
  readonly version: number;
}

/**
 * Which of the players connected here are in which party, as they were told. It has as many entries as there are connections at
 * most; the rows say what is so.
 */
@Injectable()
export class PartyBoard {
  private readonly told = new WeakMap<Connection, ToldParty>();
  private readonly partyOf = new Map<string, string>();
  private readonly members = new Map<string, Set<string>>();
  /** Members whose presence is not in the rows yet. */
  private fresh = new Set<string>();
  private left = new Map<string, LeftPlayer>();

  constructor(registry: ConnectionRegistry, clock: Clock) {
    registry.onClose(({ id, peer }, cause, replaced) => {
      if (peer.kind !== 'player' || replaced || !this.partyOf.has(peer.accountId)) return;
      this.forget(peer.accountId);
      // Who was superseded is there still, on another node.
      if (cause === 'closed:superseded') return;
      this.left.set(peer.accountId, { accountId: peer.accountId, connectionId: id, at: clock.now() });
    });
  }

  /** Notes that a connection is told of a party. False if it has been told of this version, or a later one, before. */
  tell(connection: Connection, accountId: string, party: ToldParty): boolean {
    const before = this.told.get(connection);
    if (before?.partyId === party.partyId && before.version >= party.version) return false;
    this.told.set(connection, party);
    if (before?.partyId !== party.partyId) {
      this.forget(accountId);
      this.partyOf.set(accountId, party.partyId);
      const members = this.members.get(party.partyId);
      if (members === undefined) this.members.set(party.partyId, new Set([accountId]));
      else members.add(accountId);
      this.fresh.add(accountId);
      this.left.delete(accountId);
    }
    return true;
  }

  /** Notes that a player is told that he is out of his party. */
  tellEnd(connection: Connection, accountId: string): void {
    this.told.delete(connection);
    this.forget(accountId);
  }

  /** Players connected here who were told that they are in that party. */
  toldOf(partyId: string): string[] {
    return [...(this.members.get(partyId) ?? [])];
  }

  /** All players connected here who are in a party. */
  all(): string[] {
    return [...this.partyOf.keys()];
  }

  /** Who came and who left since the last call. If it could not be written, give it back with {@link putBack}. */
  take(): { came: string[]; left: LeftPlayer[] } {
    const taken = { came: [...this.fresh], left: [...this.left.values()] };
    this.fresh = new Set();
    this.left = new Map();
    return taken;
  }

  /** Notes again what was taken and not written; what happened since is newer. */
  putBack({ came, left }: { came: readonly string[]; left: readonly LeftPlayer[] }): void {
    for (const accountId of came) if (this.partyOf.has(accountId)) this.fresh.add(accountId);
    for (const player of left) {
      const { accountId } = player;
      if (!this.partyOf.has(accountId) && !this.left.has(accountId)) this.left.set(accountId, player);
    }
  }

  private forget(accountId: string): void {
    const partyId = this.partyOf.get(accountId);
    if (partyId === undefined) return;
    this.partyOf.delete(accountId);
    this.fresh.delete(accountId);
    const members = this.members.get(partyId);
    members?.delete(accountId);
    if (members?.size === 0) this.members.delete(partyId);
  }
}
