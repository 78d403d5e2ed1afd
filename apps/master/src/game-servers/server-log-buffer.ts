import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { TokenBuckets } from '../limits/token-buckets.js';
import { printable } from './printable.js';

export type ServerLogLevel = 'info' | 'warn' | 'error';

/** One line as `serverLogs.appendMany` takes it. */
export interface ServerLogLine {
  serverId: string;
  level: ServerLogLevel;
  /** Unix ms. */
  at: number;
  message: string;
}

/** Lines of one server that wait for the next tick. */
export const LINES_PER_SERVER = 200;
/** Lines of all servers that wait for the next tick. */
export const LINES_IN_ALL = 5_000;
/** Lines a second that one server may log for long, and at once. */
export const LOG_RATE = { perSecond: 20, burst: 200, maxKeys: 10_000 };
/** Furthest that a line's own time may lie from the master's; beyond it the master's is written, ms. */
const CLOCK_SLACK_MS = 10 * 60_000;

/**
 * What game servers logged since the last tick, which writes it in one statement. Bounded per server and in
 * all; lines beyond a bound are dropped, counted, and replaced by one line that says how many.
 */
@Injectable()
export class ServerLogBuffer {
  readonly counters = { accepted: 0, droppedByRate: 0, droppedPerServer: 0, droppedInAll: 0 };
  private readonly lines = new Map<string, ServerLogLine[]>();
  private readonly dropped = new Map<string, number>();
  private readonly rate: TokenBuckets;
  private size = 0;

  constructor(private readonly clock: Clock) {
    this.rate = new TokenBuckets(clock, LOG_RATE);
  }

  /** @param at when the server says the line was written; the master's time where it says nothing credible */
  add(serverId: string, level: ServerLogLevel, message: string, at?: number): void {
    if (this.rate.take(serverId) > 0) return this.drop(serverId, 'droppedByRate');
    const own = this.lines.get(serverId) ?? [];
    if (own.length >= LINES_PER_SERVER) return this.drop(serverId, 'droppedPerServer');
    if (this.size >= LINES_IN_ALL) return this.drop(serverId, 'droppedInAll');
    const now = this.clock.now();
    const credible = at !== undefined && Math.abs(at - now) <= CLOCK_SLACK_MS;
    own.push({ serverId, level, at: credible ? at : now, message: printable(message) });
    this.lines.set(serverId, own);
    this.size += 1;
    this.counters.accepted += 1;
  }

  /** Everything that waits; the buffer is empty after it. */
  take(): ServerLogLine[] {
    const now = this.clock.now();
    const taken = [...this.lines.values()].flat();
    for (const [serverId, count] of this.dropped) {
      taken.push({
        serverId,
        level: 'warn',
        at: now,
        message: `[master] ${count} lines of this server were dropped`,
      });
    }
    this.lines.clear();
    this.dropped.clear();
    this.size = 0;
    return taken;
  }

  private drop(serverId: string, counter: 'droppedByRate' | 'droppedPerServer' | 'droppedInAll'): void {
    this.counters[counter] += 1;
    this.dropped.set(serverId, (this.dropped.get(serverId) ?? 0) + 1);
  }
}
