import type { MatchResult } from '@ranked/protocol';
import { Refusal } from '../../src/channel/refusal.js';
import type { FakeServer } from './fake-server.js';

/**
 * What a game server's process remembers of the matches it plays, as `GameServerClient` does: a start and a result are
 * sent again until they are acknowledged or refused.
 */
export class GameProcess {
  /** What it sent and what came of it, for the message of a check that fails. */
  readonly history: string[] = [];
  readonly startAcked = new Set<string>();
  readonly resultAcked = new Map<string, MatchResult>();
  readonly refused = new Map<string, string>();
  /** Results in the order in which they were played, not acknowledged yet. */
  readonly pending = new Map<string, MatchResult>();
  /** Matches that its own doings (crash, lost connection) may have cost. */
  readonly endangered = new Set<string>();

  /** What was sent last on the present connection: the master handles one message of a connection after the other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(readonly server: FakeServer) {}

  /** Matches it could start. */
  get startable(): string[] {
    return [...this.server.held.keys()].filter((id) => !this.startAcked.has(id) && !this.pending.has(id));
  }

  /** Matches it could end. */
  get endable(): string[] {
    return [...this.server.held.keys()].filter((id) => this.startAcked.has(id) && !this.pending.has(id));
  }

  async start(matchId: string): Promise<void> {
    try {
      this.history.push(`start ${matchId}`);
      await this.inOrder(() => this.server.start(matchId));
      this.history.push(`start acked ${matchId}`);
      this.startAcked.add(matchId);
      // Refused before its Ack was written, it was sent the match again.
      this.refused.delete(matchId);
    } catch (error) {
      this.dropIfRefused(matchId, error);
    }
  }

  /** Plays the match to its end and reports. */
  async end(matchId: string, ranks: number[]): Promise<void> {
    const roster = this.server.held.get(matchId);
    if (!roster) return;
    const players = roster.teams.flat().map(({ id }) => ({ id }));
    this.pending.set(matchId, { matchId, durationMs: 0, teams: ranks.map((rank) => ({ rank })), players });
    await this.report(matchId);
  }

  /** Sends a result that is not acknowledged yet, or once more one that is. */
  async report(matchId: string): Promise<void> {
    const result = this.pending.get(matchId) ?? this.resultAcked.get(matchId);
    if (!result || !this.server.isConnected) return;
    try {
      this.history.push(`result ${matchId}`);
      await this.inOrder(() => this.server.send(result));
      this.history.push(`result acked ${matchId}`);
      this.resultAcked.set(matchId, result);
      this.pending.delete(matchId);
      this.server.held.delete(matchId);
    } catch (error) {
      this.dropIfRefused(matchId, error);
    }
  }

  async reconnect(): Promise<void> {
    this.server.connect();
    this.turn = Promise.resolve();
    this.history.push('reconnect');
    for (const matchId of [...this.pending.keys()]) await this.report(matchId);
  }

  disconnect(): void {
    for (const matchId of this.server.held.keys()) this.endangered.add(matchId);
    this.server.disconnect();
  }

  crash(): void {
    this.disconnect();
    this.server.held.clear();
    this.pending.clear();
  }

  private inOrder(send: () => Promise<void>): Promise<void> {
    const sent = this.turn.then(send);
    this.turn = sent.catch(() => undefined);
    return sent;
  }

  private dropIfRefused(matchId: string, error: unknown): void {
    this.history.push(`error ${matchId} ${String((error as Error).message)} ${(error as Refusal).code}`);
    if (!(error instanceof Refusal)) return;
    this.refused.set(matchId, error.code);
    this.pending.delete(matchId);
    this.server.held.delete(matchId);
  }
}
