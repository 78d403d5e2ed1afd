import type { Socket } from 'node:net';
import type { FrameDecoder, OpenedMessage, Session } from '@ranked/protocol';

/** Heartbeats that a peer may miss. */
const SILENT_HEARTBEATS = 3;

/** Who gets what a reader has read. */
export interface ReaderSink {
  readonly clock: { now(): number; elapsed(): number };
  /** True once nothing more is to be read. */
  readonly hasEnded: boolean;
  /** One verified message. May pause the reader. @param receivedAt Unix ms */
  accept(message: OpenedMessage<unknown>, receivedAt: number): void;
  /** The stream is broken: a ProtocolError of the frame, or an error of this program. */
  broken(error: unknown): void;
}

/**
 * The incoming half of a connection: bytes to verified messages. It can be paused between two frames; what
 * has arrived by then waits in the decoder, and the rest in the socket.
 */
export class Reader {
  #paused = true;
  // Both on the clock of `elapsed()`.
  #heardAt: number;
  #resumedAt: number;

  /** Reads nothing before `resume()`. */
  constructor(
    private readonly socket: Socket,
    private readonly decoder: FrameDecoder,
    private readonly session: Session<unknown>,
    private readonly sink: ReaderSink,
  ) {
    this.#heardAt = this.#resumedAt = sink.clock.elapsed();
  }

  /** When the last valid frame came, on the clock of `elapsed()`. */
  get heardAt(): number {
    return this.#heardAt;
  }

  take(chunk: Buffer): void {
    try {
      this.decoder.push(chunk, this.sink.clock.elapsed());
      this.#read();
    } catch (error) {
      this.sink.broken(error);
    }
  }

  /** Stops after the frame at hand. @returns false if it was paused already */
  pause(): boolean {
    if (this.#paused) return false;
    this.#paused = true;
    this.socket.pause();
    return true;
  }

  resume(): void {
    if (!this.#paused || this.sink.hasEnded) return;
    this.#paused = false;
    // What did not arrive while nobody read is not the peer's silence.
    this.#heardAt = this.#resumedAt = this.sink.clock.elapsed();
    try {
      this.#read();
    } catch (error) {
      this.sink.broken(error);
    }
    if (!this.#paused && !this.sink.hasEnded) this.socket.resume();
  }

  /** Which time-out of the peer is over, if any. @param elapsed now */
  overdue(
    elapsed: number,
    limits: { frameTimeoutMs: number; heartbeatMs: number },
  ): 'frame-timeout' | 'silent' | undefined {
    if (this.#paused) return undefined;
    const { beganAt } = this.decoder;
    if (beganAt !== undefined && elapsed - Math.max(beganAt, this.#resumedAt) >= limits.frameTimeoutMs) {
      return 'frame-timeout';
    }
    return elapsed - this.#heardAt > SILENT_HEARTBEATS * limits.heartbeatMs ? 'silent' : undefined;
  }

  /** Takes frames from the decoder until it has no more, or somebody has had enough. */
  #read(): void {
    const receivedAt = this.sink.clock.now();
    while (!this.#paused && !this.sink.hasEnded) {
      const frame = this.decoder.next();
      if (frame === undefined) return;
      const messages = this.session.open(frame);
      this.#heardAt = this.sink.clock.elapsed();
      for (const message of messages) this.sink.accept(message, receivedAt);
    }
  }
}
