import { encodeMessage, type Ack, type MessagesOf, type MessageTypeOf } from '@ranked/protocol';
import { AckTimeoutError, ConnectionClosedError } from '../../src/channel/connection-errors.js';
import type { Connection } from '../../src/channel/connection.js';
import type { CloseCause } from '../../src/channel/close-cause.js';
import type { ConnectionRegistry } from '../../src/channel/connection-registry.js';
import { peerId, type Peer, type ServiceOf } from '../../src/channel/peer.js';
import type { Logger } from '../../src/logging/logger.js';
import type { KillSwitch } from './kill-switch.js';

/** What a peer does with a command: the Ack, now or later, or `silent` for none. */
export type Answer = Omit<Ack, 'of'> | 'silent' | Promise<Omit<Ack, 'of'>>;

/** The other end of a fake connection. */
export interface FakePeer {
  /** A message without Ack. */
  receive(type: number, message: unknown): void;
  /** A command. */
  answer(type: number, message: unknown): Answer;
}

let opened = 0;

/**
 * A connection without a socket: what is sent is checked against the protocol's schema and reaches the other end
 * at once; Acks come in a later turn of the event loop. It is a `Connection` as far as the game part looks at it.
 */
export class FakeConnection<P extends Peer> {
  readonly id = `fake-${++opened}`;
  isOpen = true;
  /** Codes of the CLOSE that the master sent. */
  readonly closes: string[] = [];
  private readonly unanswered = new Set<(error: Error) => void>();

  constructor(
    readonly peer: P,
    readonly openedAt: number,
    readonly log: Logger,
    private readonly registry: ConnectionRegistry,
    private readonly other: FakePeer,
    private readonly killSwitch: KillSwitch,
  ) {}

  /** As the channel does it after FINISH: in the registry, the older one closed, the listeners told. */
  open(): this {
    const connection = this.asConnection();
    const older = this.registry.add(connection);
    older?.close('superseded', 'a newer connection took over');
    this.registry.announce(connection);
    return this;
  }

  asConnection(): Connection<P> {
    return this as unknown as Connection<P>;
  }

  send(type: number, message: unknown): boolean {
    this.killSwitch.point();
    this.encoded(type, message);
    if (!this.isOpen) return false;
    this.other.receive(type, message);
    return true;
  }

  async request(type: number, message: unknown, timeoutMs: number): Promise<Ack> {
    this.killSwitch.point();
    this.encoded(type, message);
    if (!this.isOpen) throw new ConnectionClosedError('closed');
    const answer = this.other.answer(type, message);
    if (answer !== 'silent') {
      await new Promise((resolve) => setImmediate(resolve));
      const ack = await answer;
      if (!this.isOpen) throw new ConnectionClosedError('ended');
      return { of: 1, ...ack };
    }
    return new Promise((_, reject) => {
      const fail = (error: Error): void => {
        this.unanswered.delete(fail);
        reject(error);
      };
      this.unanswered.add(fail);
      this.timeoutMs = timeoutMs;
    });
  }

  private timeoutMs = 0;

  /** The time-outs of all requests that were not answered have passed. */
  timeOut(): void {
    for (const fail of [...this.unanswered]) fail(new AckTimeoutError(this.timeoutMs));
  }

  close(code: string, _reason: string): void {
    if (!this.isOpen) return;
    this.closes.push(code);
    this.end(`closed:${code}`);
  }

  destroy(cause: string): void {
    this.end(`destroyed:${cause}`);
  }

  /** The connection ends; the registry hears of it as it does from the channel. */
  end(cause: CloseCause = 'ended'): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const fail of [...this.unanswered]) fail(new ConnectionClosedError(cause));
    this.registry.remove(this.asConnection(), cause);
  }

  get name(): string {
    return peerId(this.peer);
  }

  private encoded(type: number, message: unknown): void {
    type S = ServiceOf<P>;
    const service = (this.peer.kind === 'server' ? 'S2S' : 'RDV') as S;
    encodeMessage(
      service,
      's2c',
      type as MessageTypeOf<S, 's2c'>,
      message as MessagesOf<S, 's2c'>[MessageTypeOf<S, 's2c'>],
    );
  }
}
