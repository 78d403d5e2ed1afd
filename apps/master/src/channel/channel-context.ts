import type { Logger } from '../logging/logger.js';
import type { Connection } from './connection.js';
import type { Peer } from './peer.js';

/** What a handler is told beside the message: `@Ctx() ctx: ChannelContext<ServerPeer>`. */
export class ChannelContext<P extends Peer = Peer> {
  constructor(
    /** The connection the message came on. It may have ended by the time the handler answers. */
    readonly connection: Connection<P>,
    /** The message's number within its direction: what an Ack calls `of`. */
    readonly messageNumber: number,
    /** When the message was taken from the socket, Unix ms of the master's clock. */
    readonly receivedAt: number,
  ) {}

  /** Who sent it, from the handshake. */
  get peer(): P {
    return this.connection.peer;
  }

  /** Logger whose lines carry the connection and the peer. */
  get log(): Logger {
    return this.connection.log;
  }
}
