import { Inject, Injectable } from '@nestjs/common';
import { peerConnections, type ReadTx, type Store, type Tx } from '@ranked/store';
import type { Connection } from '../channel/connection.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { peerId } from '../channel/peer.js';
import { Clock } from '../clock/clock.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { Batcher } from './batcher.js';

/** Peers asked about in one statement. */
const CHUNK = 2_000;

/**
 * The newer connection of a peer takes over, on whatever node it is: each node notes whom it got, and closes a connection
 * of its own once it finds a newer one noted. A note may come late, behind other writes or after ones that failed, so it says
 * for how long the connection has been open. On SQLite there is one process, whose registry does the same at once.
 */
@Injectable()
export class NewestConnections {
  readonly counters = { superseded: 0 };
  /** Connections whose note is committed: only of these it means anything that the rows name another one. */
  private readonly noted = new WeakSet<Connection>();
  /** When connections were opened, on the clock of `Clock.elapsed()`. */
  private readonly openedAt = new WeakMap<Connection, number>();
  private readonly servers: Batcher<string>;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    this.servers = new Batcher(
      (ids) => this.noteServers(ids),
      CHUNK,
      (err) => log.error({ err }, 'new connections of game servers were not noted'),
    );
    registry.onOpen((connection) => {
      if (this.isAlone) return;
      this.openedAt.set(connection, clock.elapsed());
      if (connection.peer.kind === 'server') this.servers.add([connection.peer.certificateId]);
    });
  }

  /**
   * Notes the connections of these players in a transaction of the caller's, who calls `committed` with what this gave.
   * None is noted twice: an older one that still talks must not become the newest again.
   */
  async notePlayers(tx: Tx, accountIds: readonly string[]): Promise<Connection[]> {
    return this.note(
      tx,
      accountIds.map((id) => this.registry.player(id)),
    );
  }

  committed(connections: readonly Connection[]): void {
    for (const connection of connections) this.noted.add(connection);
  }

  /** Those of these players whose connection here is not their newest; they are told nothing here. */
  async playersElsewhere(tx: ReadTx, accountIds: Iterable<string>): Promise<Set<string>> {
    const here = [...accountIds].flatMap((id) => this.registry.player(id) ?? []);
    return new Set(await this.elsewhere(tx, here));
  }

  /** Closes connections whose peers have a newer one on another node. To be repeated. */
  async check(): Promise<void> {
    if (this.isAlone) return;
    this.servers.kick();
    const here = [...this.registry.servers(), ...this.registry.players()].filter(
      (connection: Connection) => connection.isOpen && this.noted.has(connection),
    );
    for (let i = 0; i < here.length; i += CHUNK) {
      const part: Connection[] = here.slice(i, i + CHUNK);
      const gone = new Set(await this.store.read((tx) => this.elsewhere(tx, part)));
      for (const connection of part) {
        if (!connection.isOpen || !gone.has(peerId(connection.peer))) continue;
        this.counters.superseded += 1;
        connection.close('superseded', 'a newer connection took over');
      }
    }
  }

  /** Resolves when nothing is being noted. */
  idle(): Promise<void> {
    return this.servers.idle();
  }

  private get isAlone(): boolean {
    return this.store.dialect === 'sqlite';
  }

  private async noteServers(ids: readonly string[]): Promise<void> {
    const connections = await this.store.writeGrouped('connections', (tx) =>
      this.note(
        tx,
        ids.map((id) => this.registry.server(id)),
      ),
    );
    this.committed(connections);
  }

  private async note(tx: Tx, connections: readonly (Connection | undefined)[]): Promise<Connection[]> {
    const fresh = connections.filter(
      (connection) => connection?.isOpen === true && !this.noted.has(connection),
    ) as Connection[];
    if (this.isAlone || fresh.length === 0) return [];
    const now = this.clock.elapsed();
    await peerConnections.note(
      tx,
      fresh.map((connection) => ({
        ...rowOf(connection),
        openMs: now - (this.openedAt.get(connection) ?? now),
      })),
    );
    return fresh;
  }

  private async elsewhere(tx: ReadTx, connections: readonly Connection[]): Promise<string[]> {
    if (this.isAlone || connections.length === 0) return [];
    return peerConnections.superseded(tx, connections.map(rowOf));
  }
}

function rowOf({ peer, id }: Connection): peerConnections.ConnectionOfPeer {
  return { peerId: peerId(peer), connectionId: id };
}
