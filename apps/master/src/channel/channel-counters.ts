import { Tally } from './tally.js';

/**
 * Why a TCP connection was not even listened to: `rate` (handshakes per second of its address), `address` and `total` (too
 * many that are not yet authenticated), `evicted` (made room for another address while its own held the most), `sockets`
 * (more sockets than the door takes), `stopping`.
 */
export type RefusalAtTheDoor = 'rate' | 'address' | 'total' | 'evicted' | 'sockets' | 'stopping';

/** What one door has counted since the start. All of it is readable, none of it is secret. */
export class ChannelCounters {
  /** TCP connections. */
  accepted = 0;
  readonly refusedAtTheDoor = new Tally<RefusalAtTheDoor>();

  /** Handshakes that ended with READY. */
  handshakes = 0;
  /** Signed refusals by name of their status. */
  readonly handshakesRefused = new Tally();
  /** Handshakes that ended in silence, by kind: codes of ProtocolError, `timeout`, `ended`, `socket-error`, `lookup`, `changed`. */
  readonly handshakesFailed = new Tally();

  /** Open connections at present. */
  open = 0;
  /** Ends of connections by cause (see CloseCause). */
  readonly ended = new Tally();
  /** Bad frames by code of ProtocolError. */
  readonly badFrames = new Tally();
  superseded = 0;
  /** CLOSE frames that the peer did not answer in time. */
  unansweredCloses = 0;

  messagesIn = 0;
  messagesOut = 0;
  /** Acks that nobody waited for, or no longer. */
  unexpectedAcks = 0;
  /** Requests whose Ack did not come in time. */
  ackTimeouts = 0;
  /** Times a socket was paused because its mailbox was full. */
  pauses = 0;
  /** Messages that a handler refused (Ack `ok: false` with its code). */
  refused = 0;
  /** Messages whose handler failed (Ack `ok: false`, `internal`). */
  handlerErrors = 0;
}
