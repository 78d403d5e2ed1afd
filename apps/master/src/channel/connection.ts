import type { Socket } from 'node:net';
import {
  encodeMessage,
  MsgType,
  ProtocolError,
  type Ack,
  type MessagesOf,
  type MessageTypeOf,
  type OpenedMessage,
  type Session,
} from '@ranked/protocol';
import type { Logger } from '../logging/logger.js';
import type { CloseCause } from './close-cause.js';
import { ConnectionClosedError, TooManyRequestsError } from './connection-errors.js';
import type { ConnectionHost, ConnectionParts } from './connection-host.js';
import { Mailbox, type MailboxOwner } from './mailbox.js';
import { MessageRate } from './message-rate.js';
import { peerId, type Peer, type ServiceOf } from './peer.js';
import { PendingAcks, type PendingAck } from './pending-acks.js';
import { Reader, type ReaderSink } from './reader.js';
import type { AckError } from './refusal.js';
import type { SocketOwner } from './socket-owner.js';
import { Writer } from './writer.js';

/** Requests of one connection that may wait for their Ack at once. */
const MAX_PENDING_ACKS = 4096;

/** A message as it waits in the mailbox. */
export interface ReceivedMessage {
  readonly message: OpenedMessage<unknown>;
  /** When it was taken from the socket, Unix ms. */
  readonly receivedAt: number;
}

/**
 * `open`: messages go both ways. `finishing`: the message being handled may end, then CLOSE goes out. `closing`: CLOSE was
 * sent, the peer's is awaited. `answering`: the peer's CLOSE came; the mailbox is emptied, then ours goes out. `leaving`: CLOSE
 * went both ways and the stream is ended. `ended`: the socket is destroyed.
 */
type ConnectionState = 'open' | 'finishing' | 'closing' | 'answering' | 'leaving' | 'ended';

/**
 * An authenticated connection: a reader (bytes → verified messages), a mailbox (messages handled one at a time, in order)
 * and a writer (a bounded queue, sealed and written once per turn).
 *
 * Acks go from the reader straight to whoever waits for them, past the mailbox, so a handler may await one.
 */
export class Connection<P extends Peer = Peer>
  implements SocketOwner, ReaderSink, MailboxOwner<ReceivedMessage>
{
  /** The name of this session in logs, and READY's `sessionId`. */
  readonly id: string;
  readonly peer: P;
  /** Unix ms. */
  readonly openedAt: number;

  readonly #service: ServiceOf<P>;
  readonly #host: ConnectionHost<P>;
  readonly #socket: Socket;
  readonly #session: Session<unknown>;
  readonly #reader: Reader;
  readonly #rate: MessageRate;
  readonly #mailbox = new Mailbox<ReceivedMessage>(this);
  readonly #acks = new PendingAcks();
  readonly #writer: Writer;
  #log: Logger | undefined;

  #state: ConnectionState = 'open';
  #cause: CloseCause = 'ended';
  #farewell: { code: string; reason: string } | undefined;
  #flushing = false;
  /** When the present state must have ended, on the clock of `host.elapsed()`; `open` has no such time. */
  #deadline = 0;

  /** Made by the channel only; `start()` sets it going. */
  constructor({ id, peer, service, host, socket, session, decoder }: ConnectionParts<P>) {
    this.id = id;
    this.peer = peer;
    this.#service = service;
    this.#host = host;
    this.#socket = socket;
    this.#session = session;
    this.#reader = new Reader(socket, decoder, session, this);
    this.#rate = new MessageRate(host.settings, host.elapsed());
    this.#writer = new Writer(socket, session, this.#acks, host);
    this.openedAt = host.now();
  }

  /** Logger whose lines carry the connection and the peer. */
  get log(): Logger {
    this.#log ??= this.#host.log.child({ connectionId: this.id, peer: peerId(this.peer) });
    return this.#log;
  }

  /** False once the connection is being closed. */
  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** True while something was written that the peer does not fetch. */
  get isStalled(): boolean {
    return this.#writer.stalledSince !== undefined;
  }

  /**
   * Queues a message; everything of one turn travels in one frame.
   * @returns false if the connection is ending, or if its queue is full, which ends it
   * @throws ProtocolError `schema`, `too-large` if the message is not one of this door
   */
  send<T extends MessageTypeOf<ServiceOf<P>, 's2c'>>(
    type: T,
    message: MessagesOf<ServiceOf<P>, 's2c'>[T],
  ): boolean {
    const plaintext = encodeMessage(this.#service, 's2c', type, message);
    return this.#state === 'open' && this.#enqueue(type, plaintext, undefined);
  }

  /**
   * Sends a message that is acknowledged, and waits for the Ack, whatever it says.
   * @param timeoutMs from now; it is looked at a few times a second
   * @throws ConnectionClosedError, AckTimeoutError, TooManyRequestsError, and ProtocolError as `send`, all by rejecting
   */
  request<T extends MessageTypeOf<ServiceOf<P>, 's2c'>>(
    type: T,
    message: MessagesOf<ServiceOf<P>, 's2c'>[T],
    timeoutMs: number,
  ): Promise<Ack> {
    return new Promise((resolve, reject) => {
      const plaintext = encodeMessage(this.#service, 's2c', type, message);
      if (this.#acks.size >= MAX_PENDING_ACKS) throw new TooManyRequestsError(MAX_PENDING_ACKS);
      if (this.#state !== 'open') throw new ConnectionClosedError(this.#cause);
      this.#enqueue(type, plaintext, {
        resolve,
        reject,
        timeoutMs,
        deadline: this.#host.elapsed() + timeoutMs,
      });
    });
  }

  /** Acknowledges message number `of`; the channel calls it when the handler has settled. */
  acknowledge(of: number, error?: AckError): void {
    if (this.#state !== 'open' && this.#state !== 'finishing' && this.#state !== 'answering') return;
    // A number and a flag need no schema check; this is the most frequent message by far.
    const json = error === undefined ? `{"of":${of},"ok":true}` : JSON.stringify({ of, ok: false, error });
    this.#enqueue(MsgType.Ack, Buffer.from(json), undefined);
  }

  /**
   * Ends the connection in order: CLOSE after all that was sent so far, then the peer's answer is awaited for a second.
   * What the peer has sent and no handler has begun is dropped. Does nothing if the connection is ending already.
   * @param code stable, for programs
   * @param reason a sentence for people; it crosses the wire
   */
  close(code: string, reason: string): void {
    if (this.#state !== 'open' && this.#state !== 'finishing') return;
    this.#mailbox.clear();
    this.#sayClose('closing', `closed:${code}`, code, reason);
    this.#reader.resume();
  }

  /** As `close`, but the message being handled may end first, for at most a second, and its Ack still goes out. */
  finish(code: string, reason: string): void {
    if (this.#state !== 'open') return;
    if (!this.#mailbox.busy) return this.close(code, reason);
    this.#mailbox.clear();
    this.#farewell = { code, reason };
    this.#enter('finishing');
  }

  /** Ends the connection at once, without CLOSE. */
  destroy(cause: string): void {
    this.#end(`destroyed:${cause}`);
  }

  // ---- for the channel itself: the door

  /** Writes READY, starts reading, and lets go what listeners have queued meanwhile. */
  start(ready: Buffer): void {
    this.#writer.write(ready);
    this.#reader.resume();
  }

  /** Seals and writes what has been queued in this turn. */
  flush(): void {
    this.#flushing = false;
    if (this.#state === 'ended' || this.#session.sendClosed) return;
    this.#host.counters.messagesOut += this.#writer.flush();
    this.#checkQueue();
  }

  /** Enforces the time-outs. @param elapsed now, on the clock of `host.elapsed()` */
  sweep(elapsed: number): void {
    const { settings, counters } = this.#host;
    counters.ackTimeouts += this.#acks.expire(elapsed);
    const stalledSince = this.#writer.stalledSince;
    if (stalledSince !== undefined && elapsed - stalledSince >= settings.stallTimeoutMs)
      return this.#end('slow-reader');
    if (this.#state === 'open') {
      const overdue = this.#reader.overdue(elapsed, settings);
      if (overdue !== undefined) this.#end(overdue);
    } else if (elapsed >= this.#deadline) this.#outOfTime();
  }

  /** Rekeys a direction that is idle. */
  rekeyIfDue(): void {
    if (this.#state === 'open') this.#writer.rekeyIfDue();
  }

  // ---- SocketOwner

  onData(chunk: Buffer): void {
    if (this.#state !== 'ended') this.#reader.take(chunk);
  }

  onEnd(): void {
    if (!this.#session.receiveClosed) this.#end('ended');
  }

  onError(error: Error): void {
    this.#host.report('socket-error', this, { err: error });
    this.#end('socket-error');
  }

  onClosed(): void {
    this.#end(this.#cause);
    this.#host.ended(this, this.#cause);
  }

  // ---- ReaderSink

  get clock(): { now(): number; elapsed(): number } {
    return this.#host;
  }

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  accept(message: OpenedMessage<unknown>, receivedAt: number): void {
    const { counters, settings } = this.#host;
    counters.messagesIn += 1;
    if (message.type === MsgType.Close) return this.#peerClosed();
    if (message.type === MsgType.Ack && this.#acks.settle(message.value as Ack)) return;
    if (this.#state !== 'open') return;
    // Acks that were waited for cost no token: the master asked for them.
    if (!this.#rate.take(this.#reader.heardAt)) {
      this.#host.report('flood', this);
      return this.#end('flood');
    }
    if (message.type === MsgType.Ack) {
      counters.unexpectedAcks += 1;
      return;
    }
    this.#mailbox.push({ message, receivedAt });
    if (this.#mailbox.waiting >= settings.mailboxMessages && this.#reader.pause()) counters.pauses += 1;
  }

  broken(error: unknown): void {
    const code = error instanceof ProtocolError ? error.code : 'internal';
    this.#host.counters.badFrames.add(code);
    this.#host.report(`bad-frame-${code}`, this, code === 'internal' ? { err: error } : {});
    this.#end(`frame:${code}`);
  }

  // ---- MailboxOwner

  handle({ message, receivedAt }: ReceivedMessage): Promise<void> {
    return this.#host.handle(this, message, receivedAt);
  }

  settled(): void {
    if (this.#mailbox.waiting === 0) this.#reader.resume();
  }

  idle(): void {
    if (this.#state === 'answering') this.#answerClose();
    else if (this.#state === 'finishing') this.#outOfTime();
  }

  // ---- inside

  #enqueue(type: number, plaintext: Buffer, pending: PendingAck | undefined): boolean {
    this.#writer.push(type, plaintext, pending);
    if (!this.#flushing) {
      this.#flushing = true;
      this.#host.flushSoon(this);
    }
    return this.#checkQueue();
  }

  #checkQueue(): boolean {
    if (this.#writer.bytes <= this.#host.settings.writeQueueBytes) return true;
    this.#host.report('slow-reader', this);
    this.#end('slow-reader');
    return false;
  }

  #peerClosed(): void {
    if (this.#state === 'closing') {
      this.#enter('leaving');
      this.#socket.end();
      return;
    }
    this.#cause = 'closed-by-peer';
    this.#acks.abandon(this.#cause);
    this.#enter('answering');
    if (!this.#mailbox.busy) this.#answerClose();
  }

  #answerClose(): void {
    this.#sayClose('leaving', this.#cause, 'closed', 'goodbye');
    this.#socket.end();
  }

  #sayClose(next: ConnectionState, cause: CloseCause, code: string, reason: string): void {
    this.#cause = cause;
    this.#host.counters.messagesOut += this.#writer.flush();
    this.#acks.abandon(cause);
    this.#writer.writeClose(code, reason);
    this.#enter(next);
  }

  /** Goes into a state that may last for a second. */
  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#deadline = this.#host.elapsed() + this.#host.settings.closeTimeoutMs;
  }

  #outOfTime(): void {
    if (this.#state === 'finishing')
      this.close(this.#farewell?.code ?? 'closed', this.#farewell?.reason ?? '');
    else if (this.#state === 'answering') this.#answerClose();
    else {
      this.#host.counters.unansweredCloses += 1;
      this.#end(this.#cause);
    }
  }

  #end(cause: CloseCause): void {
    if (this.#state === 'ended') return;
    // An end that was agreed on keeps its cause, however the socket goes in the end.
    if (this.#state === 'open' || this.#state === 'finishing') this.#cause = cause;
    this.#state = 'ended';
    this.#mailbox.clear();
    this.#writer.abandon(this.#cause);
    this.#acks.abandon(this.#cause);
    this.#socket.destroy();
  }
}
