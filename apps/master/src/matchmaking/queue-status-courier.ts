import { Inject, Injectable } from '@nestjs/common';
import { explainLeftover, windowWidth } from '@ranked/matchmaker';
import { MsgType, type QueueStatus } from '@ranked/protocol';
import { queue, type Store, type WaitingHere } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { QueueModels } from '../config/queue-models.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { inTurns } from './in-turns.js';
import { NewestConnections } from './newest-connections.js';
import { QueueNewsBoard } from './queue-news-board.js';

/** How often each player who waits hears how it stands, ms. */
export const STATUS_MS = 5_000;
/** Players looked at in one statement. */
const PLAYERS_PER_BATCH = 1_000;

/**
 * Tells the players connected here who wait how it stands: each once in {@link STATUS_MS}, a share of them after every tick, and
 * those who have just joined at once. Who waits is in the rows, why in the news; nothing is due if it could not be said.
 */
@Injectable()
export class QueueStatusCourier {
  readonly counters = { sent: 0 };
  /** Who is still to be looked at in this round, and how many it had. */
  private round: string[] = [];
  private roundSize = 0;
  private roundAt = Number.NEGATIVE_INFINITY;
  private followedAt: number | undefined;
  private joined = new Set<string>();
  private running: Promise<void> | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    private readonly news: QueueNewsBoard,
    private readonly queues: QueueModels,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** This player, connected here, has just joined. */
  soon(accountId: string): void {
    if (this.registry.player(accountId) !== undefined) this.joined.add(accountId);
  }

  /** Begins to tell those whose turn it is; to be called after every tick. Who is not told this time is the next time. */
  kick(): void {
    this.running ??= this.follow()
      .catch((err: unknown) => this.log.error({ err }, 'players were not told how their wait stands'))
      .finally(() => {
        this.running = undefined;
      });
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async follow(): Promise<void> {
    await this.news.exchange();
    await this.send(this.next());
  }

  /** Those who joined, and as much of the round as its time says. */
  private next(): string[] {
    const now = this.clock.now();
    const elapsed = now - (this.followedAt ?? now - STATUS_MS);
    this.followedAt = now;
    if (this.round.length === 0 && now - this.roundAt >= STATUS_MS) {
      this.round = [...this.registry.players()].map(({ peer }) => peer.accountId);
      this.roundSize = this.round.length;
      this.roundAt = now;
    }
    const share = Math.ceil(this.roundSize * Math.min(1, elapsed / STATUS_MS));
    const next = new Set([...this.joined, ...this.round.splice(0, share)]);
    this.joined = new Set();
    return [...next];
  }

  private async send(accountIds: readonly string[]): Promise<void> {
    for (let i = 0; i < accountIds.length; i += PLAYERS_PER_BATCH) {
      const part = accountIds.slice(i, i + PLAYERS_PER_BATCH);
      const { waiting, elsewhere } = await this.store.read(async (tx) => ({
        waiting: await queue.waitingAmong(tx, part),
        elsewhere: await this.newest.playersElsewhere(tx, part),
      }));
      for await (const one of inTurns(waiting)) {
        const connection = elsewhere.has(one.accountId) ? undefined : this.registry.player(one.accountId);
        const status = connection?.isOpen ? this.statusOf(one) : undefined;
        if (connection === undefined || status === undefined) continue;
        this.counters.sent += 1;
        connection.send(MsgType.QueueStatus, status);
      }
    }
  }

  private statusOf({ accountId, partyId, queue: name, joinedAt, mu }: WaitingHere): QueueStatus | undefined {
    const known = this.queues.of(name);
    if (known === undefined) return undefined;
    const { config, model } = known;
    const news = this.news.of(name);
    const waitedMs = Math.max(0, this.clock.now() - joinedAt);
    const strength = (mu ?? model.initial().mu) * model.pointsPerUnit;
    const estimated = news?.estimate.of(strength, waitedMs);
    // What was found before he joined is not about him.
    const entryId = partyId ?? accountId;
    const reason = news !== undefined && news.at >= joinedAt ? news.reasonOf(entryId) : undefined;
    return {
      queue: name,
      waited: Math.floor(waitedMs / 1000),
      ...(estimated !== undefined && { estimated: Math.round(estimated / 1000) }),
      window: Math.round(windowWidth(config.window, waitedMs)),
      players: Math.max(1, news?.waiting ?? 1),
      ...(reason !== undefined && { reason: explainLeftover({ ...reason, entryId }) }),
    };
  }
}
