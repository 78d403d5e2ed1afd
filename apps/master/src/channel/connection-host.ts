import type { Socket } from 'node:net';
import type { FrameDecoder, OpenedMessage, Session } from '@ranked/protocol';
import type { Logger } from '../logging/logger.js';
import type { ChannelCounters } from './channel-counters.js';
import type { ChannelSettings } from './channel-settings.js';
import type { CloseCause } from './close-cause.js';
import type { Connection } from './connection.js';
import type { Peer, ServiceOf } from './peer.js';

/** What a connection needs of the door it came through. One object serves all connections of a door. */
export interface ConnectionHost<P extends Peer> {
  readonly settings: ChannelSettings;
  readonly counters: ChannelCounters;
  readonly log: Logger;
  /** Unix ms. */
  now(): number;
  /** Milliseconds for time-outs; never goes back. */
  elapsed(): number;
  /** Has `connection.flush()` called at the end of this turn of the event loop, together with all others that asked. */
  flushSoon(connection: Connection<P>): void;
  /** Handles one message to its end, its Ack included. Never rejects. */
  handle(connection: Connection<P>, message: OpenedMessage<unknown>, receivedAt: number): Promise<void>;
  /** Notes something unusual about a peer: counted by the caller, logged at a bounded rate. */
  report(kind: string, connection: Connection<P>, fields?: Record<string, unknown>): void;
  /** The socket has ended. Called exactly once for each connection. */
  ended(connection: Connection<P>, cause: CloseCause): void;
}

/** What a connection is made of. */
export interface ConnectionParts<P extends Peer> {
  readonly id: string;
  readonly peer: P;
  readonly service: ServiceOf<P>;
  readonly host: ConnectionHost<P>;
  readonly socket: Socket;
  readonly session: Session<unknown>;
  readonly decoder: FrameDecoder;
}
