import { Injectable } from '@nestjs/common';
import type { ServerHeartbeat } from '@ranked/protocol';
import type { ChannelContext } from '../channel/channel-context.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import type { ServerPeer } from '../channel/peer.js';
import { Clock } from '../clock/clock.js';
import { PresenceBoard } from './presence-board.js';

/** What a heartbeat needs of its context. */
export type HeartbeatContext = Pick<ChannelContext<ServerPeer>, 'connection' | 'peer' | 'log' | 'receivedAt'>;

/** Judges heartbeats of game servers, and puts those that count onto the board. */
@Injectable()
export class HeartbeatIntake {
  readonly counters = { ofOlderConnections: 0, ofExpired: 0 };
  /** Connections whose other name was logged already: once each, however often it is repeated. */
  private readonly named = new WeakSet<object>();

  constructor(
    private readonly board: PresenceBoard,
    private readonly registry: ConnectionRegistry,
    private readonly clock: Clock,
  ) {
    registry.onClose((connection, _cause, replaced) => {
      const { peer } = connection;
      if (peer.kind === 'server' && !replaced)
        board.left({ id: connection.id, peer, openedAt: connection.openedAt });
    });
  }

  /** A heartbeat of a connection that was superseded, is closing, or outlived its certificate changes nothing. */
  take(heartbeat: ServerHeartbeat, { connection, peer, log, receivedAt }: HeartbeatContext): void {
    if (this.registry.server(peer.certificateId) !== connection || !connection.isOpen) {
      this.counters.ofOlderConnections += 1;
      return;
    }
    if (peer.expiresAt <= this.clock.now()) {
      this.counters.ofExpired += 1;
      connection.close('expired', 'the certificate has expired');
      return;
    }
    const ownName = this.board.heard(connection, heartbeat, receivedAt);
    if (ownName || this.named.has(connection)) return;
    this.named.add(connection);
    log.warn(
      { claimed: heartbeat.name, name: peer.name },
      'a heartbeat named another server: overridden by the certificate',
    );
  }
}
