import { Injectable } from '@nestjs/common';
import type { CloseCause } from './close-cause.js';
import type { Connection } from './connection.js';
import { peerId, type Peer, type PlayerPeer, type ServerPeer } from './peer.js';

/** Called once a connection is authenticated; what is sent here arrives right after READY. */
export type OpenListener = (connection: Connection) => void;

/**
 * Called once for every connection that was opened, when it has ended, whatever the cause.
 * `replaced`: a newer connection of the same peer is already open, so the peer is not offline.
 */
export type CloseListener = (connection: Connection, cause: CloseCause, replaced: boolean) => void;

/**
 * The open connections of both doors, one per peer. A connection is in it from FINISH to the end of its socket,
 * so one that is being closed is still found; its `send` then says false.
 */
@Injectable()
export class ConnectionRegistry {
  readonly #servers = new Map<string, Connection<ServerPeer>>();
  readonly #players = new Map<string, Connection<PlayerPeer>>();
  readonly #openListeners: OpenListener[] = [];
  readonly #closeListeners: CloseListener[] = [];

  /** The connection of a game server, by the id of its certificate. */
  server(certificateId: string): Connection<ServerPeer> | undefined {
    return this.#servers.get(certificateId);
  }

  /** The connection of a player, by the id of his account. */
  player(accountId: string): Connection<PlayerPeer> | undefined {
    return this.#players.get(accountId);
  }

  /** All game servers. Connections may be closed while this is walked through. */
  servers(): IterableIterator<Connection<ServerPeer>> {
    return this.#servers.values();
  }

  /** All players. Connections may be closed while this is walked through. */
  players(): IterableIterator<Connection<PlayerPeer>> {
    return this.#players.values();
  }

  get serverCount(): number {
    return this.#servers.size;
  }

  get playerCount(): number {
    return this.#players.size;
  }

  /** Registers a listener for good; listeners live as long as the master. */
  onOpen(listener: OpenListener): void {
    this.#openListeners.push(listener);
  }

  /** Registers a listener for good; listeners live as long as the master. */
  onClose(listener: CloseListener): void {
    this.#closeListeners.push(listener);
  }

  /** Whether this peer has a connection already, which a new one would supersede. */
  has(peer: Peer): boolean {
    return this.#mapOf(peer).has(peerId(peer));
  }

  /**
   * Takes in an authenticated connection; the channel calls it when READY is about to be written.
   * @returns the connection that it supersedes, for the caller to close
   */
  add(connection: Connection): Connection | undefined {
    const connections = this.#mapOf(connection.peer);
    const id = peerId(connection.peer);
    const older = connections.get(id);
    connections.set(id, connection);
    return older;
  }

  /** Tells the listeners that a connection is open. A listener that throws does not keep the others from hearing. */
  announce(connection: Connection): void {
    for (const listener of this.#openListeners) guarded(connection, () => listener(connection));
  }

  /** Takes out a connection whose socket has ended, and tells the listeners; the channel calls it, once. */
  remove(connection: Connection, cause: CloseCause): void {
    const connections = this.#mapOf(connection.peer);
    const id = peerId(connection.peer);
    const replaced = connections.get(id) !== connection;
    if (!replaced) connections.delete(id);
    for (const listener of this.#closeListeners)
      guarded(connection, () => listener(connection, cause, replaced));
  }

  #mapOf(peer: Peer): Map<string, Connection> {
    return (peer.kind === 'server' ? this.#servers : this.#players) as Map<string, Connection>;
  }
}

function guarded(connection: Connection, call: () => void): void {
  try {
    call();
  } catch (error) {
    connection.log.error({ err: error }, 'a listener of the connection registry failed');
  }
}
