import { Injectable } from '@nestjs/common';

/** How long a server rests after its first failure, ms; twice as long after each further one. */
export const FIRST_REST_MS = 5_000;
/** The longest rest, ms. */
export const LONGEST_REST_MS = 10 * 60_000;
/** Reservations in a row that may run out without a start before the server rests. */
export const UNSTARTED_ALLOWED = 5;
/** Servers remembered; beyond it the one that failed longest ago is forgotten. */
const SERVERS_REMEMBERED = 10_000;

interface FaultRecord {
  failures: number;
  unstarted: number;
}

/**
 * How often each game server failed lately, to give the ones that keep failing less to do. Kept in memory only: the
 * rest itself is `failed_until` of the server's row, and a restarted master may well try everybody once more.
 */
@Injectable()
export class ServerFaults {
  private readonly records = new Map<string, FaultRecord>();
  /** Servers that finished a match since the last tick. */
  private finishers = new Set<string>();

  /** Until when a server would rest if it failed now, Unix ms. */
  restUntil(serverId: string, now: number): number {
    const failures = this.records.get(serverId)?.failures ?? 0;
    return now + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(failures, 20));
  }

  /** It did not acknowledge a match in time, or refused it. */
  failed(serverId: string): void {
    this.record(serverId).failures += 1;
  }

  /** It acknowledged a match. */
  acknowledged(serverId: string): void {
    const record = this.records.get(serverId);
    if (record) record.failures = 0;
  }

  /** Whether the server should rest once `more` matches that it had acknowledged did not start in time. */
  wouldRest(serverId: string, more: number): boolean {
    return (this.records.get(serverId)?.unstarted ?? 0) + more >= UNSTARTED_ALLOWED;
  }

  /** A match it had acknowledged did not start in time. Players may be to blame, so only several in a row count. */
  unstarted(serverId: string): void {
    const record = this.record(serverId);
    record.unstarted += 1;
    if (record.unstarted < UNSTARTED_ALLOWED) return;
    record.unstarted = 0;
    record.failures += 1;
  }

  /** It started a match. */
  started(serverId: string): void {
    const record = this.records.get(serverId);
    if (record) record.unstarted = 0;
  }

  /** It finished a match; the next tick counts that in its row. */
  finished(serverId: string): void {
    if (this.finishers.size < SERVERS_REMEMBERED) this.finishers.add(serverId);
  }

  /** Who finished a match since the last call. If it could not be written, give it back with {@link putBackFinishers}. */
  takeFinishers(): string[] {
    const taken = [...this.finishers];
    this.finishers = new Set();
    return taken;
  }

  putBackFinishers(serverIds: readonly string[]): void {
    for (const serverId of serverIds) this.finished(serverId);
  }

  private record(serverId: string): FaultRecord {
    const record = this.records.get(serverId) ?? { failures: 0, unstarted: 0 };
    this.records.delete(serverId);
    const oldest = this.records.keys().next();
    if (this.records.size >= SERVERS_REMEMBERED && !oldest.done) this.records.delete(oldest.value);
    this.records.set(serverId, record);
    return record;
  }
}
