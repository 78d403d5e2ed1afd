import { Injectable } from '@nestjs/common';
import type { ServerHeartbeat } from '@ranked/protocol';
import type { gameServers } from '@ranked/store';
import type { Connection } from '../channel/connection.js';
import type { ServerPeer } from '../channel/peer.js';
import { MasterConfig } from '../config/master-config.js';
import { printable } from './printable.js';

/** What the board needs of a game server's connection. */
export type ServerChannel = Pick<Connection<ServerPeer>, 'id' | 'peer' | 'openedAt'>;

/** A game server that went offline: its row is marked so, if it still is of this connection. */
export interface GoneServer {
  id: string;
  nodeId: string;
  connectedAt: number;
}

/** What a server said that it holds, with its last heartbeat. */
export interface HeldMatches {
  serverId: string;
  matchIds: readonly string[];
  /** When the heartbeat was received, Unix ms. */
  at: number;
}

/** What changed since the last tick; one statement each. */
export interface PresenceChanges {
  seen: gameServers.Presence[];
  gone: GoneServer[];
  held: HeldMatches[];
}

/** A server's last heartbeat, and what else its row is made of. */
interface Seat {
  readonly peer: ServerPeer;
  readonly connectedAt: number;
  readonly heartbeat: ServerHeartbeat;
  readonly heardAt: number;
  changed: boolean;
}

/**
 * The game servers connected to this node, as their last heartbeats described them. It lives in memory: the
 * tick writes what changed, all servers in one statement.
 */
@Injectable()
export class PresenceBoard {
  readonly counters = { heartbeats: 0, otherNames: 0 };
  private readonly seats = new Map<string, Seat>();
  private gone: GoneServer[] = [];

  constructor(private readonly config: MasterConfig) {}

  /**
   * Takes a heartbeat in. Who it is, and under which host players reach it, comes from the connection.
   * @param now when it was received, Unix ms
   * @returns false if the heartbeat named another server; it is taken in under the certificate's own name
   */
  heard(channel: ServerChannel, heartbeat: ServerHeartbeat, now: number): boolean {
    const { peer, openedAt: connectedAt } = channel;
    this.seats.set(peer.certificateId, { peer, connectedAt, heartbeat, heardAt: now, changed: true });
    this.counters.heartbeats += 1;
    if (heartbeat.name === peer.name) return true;
    this.counters.otherNames += 1;
    return false;
  }

  /** The server's last connection ended (one that a newer one replaced is none of the board's business). */
  left(channel: ServerChannel): void {
    const id = channel.peer.certificateId;
    const seat = this.seats.get(id);
    if (!seat) return;
    this.seats.delete(id);
    this.gone.push({ id, nodeId: this.config.nodeId, connectedAt: seat.connectedAt });
  }

  /** What changed since the last call. If it could not be written, give it back with {@link putBack}. */
  take(): PresenceChanges {
    const changed = [...this.seats.values()].filter((seat) => seat.changed);
    for (const seat of changed) seat.changed = false;
    const gone = this.gone;
    this.gone = [];
    return { seen: changed.map((seat) => this.presenceOf(seat)), gone, held: changed.map(heldBy) };
  }

  /** Notes changes again that were taken and not written; what a later heartbeat said is not overwritten. */
  putBack({ seen, gone }: PresenceChanges): void {
    for (const { id } of seen) {
      const seat = this.seats.get(id);
      if (seat) seat.changed = true;
    }
    this.gone = [...gone, ...this.gone];
  }

  /** Game servers on the board. */
  get size(): number {
    return this.seats.size;
  }

  /** Made when it is written, not when it was heard: a server that beats more often than the tick costs no more. */
  private presenceOf({ peer, connectedAt, heartbeat, heardAt }: Seat): gameServers.Presence {
    return {
      id: peer.certificateId,
      name: peer.name,
      nodeId: this.config.nodeId,
      host: peer.publicHost ?? peer.remoteAddress,
      port: heartbeat.port,
      region: printable(heartbeat.region),
      build: printable(heartbeat.build),
      capacity: heartbeat.capacity,
      players: heartbeat.players,
      accepting: heartbeat.accepting,
      matches: heartbeat.matches.length,
      load: heartbeat.load ?? null,
      queues: heartbeat.queues ?? null,
      lastSeen: heardAt,
      connectedAt,
    };
  }
}

function heldBy({ peer, heartbeat, heardAt }: Seat): HeldMatches {
  return { serverId: peer.certificateId, matchIds: heartbeat.matches, at: heardAt };
}
