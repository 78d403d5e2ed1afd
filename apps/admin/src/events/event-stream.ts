import type { Response } from 'express';
import type { Topic } from '../api/contract.js';

/** Bytes that may wait for one reader; who is further behind is cut off. */
const MAX_BEHIND = 1_048_576;

/** One reader of events. */
export class EventStream {
  constructor(
    private readonly response: Response,
    readonly topics: ReadonlySet<Topic>,
    /** Narrows commands and logs to one game server. */
    readonly serverId: string | undefined,
    /** Who reads: serial of the certificate. */
    readonly owner: string,
  ) {}

  /** Begins the answer. */
  open(): void {
    this.response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
  }

  /**
   * Sends a frame; see {@link eventFrame}.
   * @returns false when the reader was cut off
   */
  send(frame: string): boolean {
    if (this.response.destroyed || this.response.writableLength > MAX_BEHIND) {
      this.response.destroy();
      return false;
    }
    this.response.write(frame);
    return true;
  }

  /** Ends the answer. */
  close(): void {
    this.response.end();
  }
}

/** An event as it is sent. JSON has no line breaks of its own, so it is one line of data. */
export function eventFrame(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** What keeps a connection from looking dead. */
export const COMMENT_FRAME = ':\n\n';
