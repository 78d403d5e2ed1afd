import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { ACKNOWLEDGED, msgTypeName, type OpenedMessage } from '@ranked/protocol';
import { StoreError } from '@ranked/store';
import { isObservable, lastValueFrom } from 'rxjs';
import { ChannelContext } from './channel-context.js';
import type { ChannelCounters } from './channel-counters.js';
import type { DoorAddress } from './channel-settings.js';
import type { Connection } from './connection.js';
import { Door, type DoorParts } from './door.js';
import { handlerTable, type HandlerTable } from './handler-table.js';
import type { Peer } from './peer.js';
import { Refusal, type AckError } from './refusal.js';
import { TRANSPORT_OF } from './transports.js';

/** No observable that a handler returns has a value that anybody waits for. */
const EMPTY_RESULT = { defaultValue: undefined };

/**
 * One door of the channel as a Nest transport: `app.connectMicroservice({ strategy })`. Messages come to the
 * handlers decoded and validated; guards, pipes, interceptors and filters work as with any other transport.
 *
 * What a handler returns is not sent. Messages that the protocol acknowledges get their Ack when the handler's promise
 * has settled: `ok` if it resolved, the code of a `Refusal`, `busy` if the store's queue is full, or `internal` for anything
 * else that was thrown.
 */
export class ChannelStrategy<P extends Peer> extends Server implements CustomTransportStrategy {
  readonly #door: Door<P>;
  readonly #where: DoorAddress;
  readonly #service: DoorParts<P>['service'];
  readonly #duplicates = new Set<string>();
  #handlers: HandlerTable = [];
  #closed: Promise<void> | undefined;

  constructor(parts: DoorParts<P>, where: DoorAddress) {
    super();
    this.#service = parts.service;
    this.#where = where;
    this.setTransportId(TRANSPORT_OF[parts.service]);
    this.#door = new Door(parts, (connection, message, receivedAt) =>
      this.#handle(connection, message, receivedAt),
    );
  }

  /** What this door has counted since the start. */
  get counters(): ChannelCounters {
    return this.#door.counters;
  }

  /** Where the door listens. @throws Error if it does not */
  address(): DoorAddress {
    return this.#door.address();
  }

  /** Enforces every time-out now. The door does so four times a second; tests with their own clock call it. */
  sweep(): void {
    this.#door.sweep();
  }

  /** Takes no new connections; open ones go on. */
  stopAccepting(): Promise<void> {
    this.#door.stopAccepting();
    return Promise.resolve();
  }

  /** Called by Nest. Errors of the listener, and messages without exactly one handler, go to `callback`. */
  listen(callback: (error?: unknown) => void): void {
    try {
      this.#handlers = handlerTable(this.#service, this.messageHandlers, this.#duplicates);
    } catch (error) {
      callback(error);
      return;
    }
    this.#door.listen(this.#where).then(() => callback(), callback);
  }

  /** Ends every connection with CLOSE `shutdown` and resolves when all are gone, after three seconds at the latest. */
  close(): Promise<void> {
    this.#closed ??= this.#door.drain();
    return this.#closed;
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const route = String(pattern);
    // Nest would let the last one win.
    if (this.messageHandlers.has(route)) this.#duplicates.add(route);
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Required by Nest; the channel has no events of its own here, see `ConnectionRegistry`. */
  on(event: string): never {
    throw new Error(`the channel emits no event "${event}"`);
  }

  /** The `net.Server` of the door. */
  unwrap<T>(): T {
    return this.#door.server as T;
  }

  /**
   * Runs the handler of one message. There is no AsyncLocalStorage around it: on Node 20 and 22 that doubles the cost of
   * each of the promises Nest makes. A handler's lines carry the connection because it logs with `ctx.log`.
   */
  async #handle(
    connection: Connection<P>,
    message: OpenedMessage<unknown>,
    receivedAt: number,
  ): Promise<void> {
    const { type, of } = message;
    const acknowledged = ACKNOWLEDGED.has(type);
    try {
      const handler = this.#handlers[type] as MessageHandler;
      const result: unknown = await handler(message.value, new ChannelContext(connection, of, receivedAt));
      if (isObservable(result)) await lastValueFrom(result, EMPTY_RESULT);
      if (acknowledged) connection.acknowledge(of);
    } catch (error) {
      const refusal = this.#refusalOf(error, connection, type);
      if (acknowledged) connection.acknowledge(of, refusal);
    }
  }

  #refusalOf(error: unknown, connection: Connection<P>, type: number): AckError {
    if (error instanceof Refusal) {
      this.counters.refused += 1;
      const { code, message, retryAfterMs } = error;
      return { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    if (error instanceof StoreError && error.code === 'busy') {
      this.counters.refused += 1;
      return { code: 'busy', message: 'the master is busy: send it again later' };
    }
    this.counters.handlerErrors += 1;
    this.#door.report('handler-error', connection, { messageType: msgTypeName(type), err: error });
    return { code: 'internal', message: 'the master failed to handle the message' };
  }
}
