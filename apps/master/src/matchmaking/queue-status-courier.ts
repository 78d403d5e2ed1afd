import { Inject, Injectable } from '@nestjs/common';
import { explainLeftover, windowWidth } from '@ranked/matchmaker';
import { MsgType, type QueueStatus } from '@ranked/protocol';
import { placedAmong, queue, type Store, type WaitingHere } from '@ranked/store';
import type { Connection } from '../channel/connection.js';
import type { PlayerPeer } from '../channel/peer.js';
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
const ENDED = 'You were taken out of the queue.';

/** What a connection was told last. */
interface ToldWait {
  readonly queue: string;
  readonly joinedAt: number;
}

/**
 * Tells the players connected here who wait how it stands: each once in {@link STATUS_MS}, a share of them after every tick, and
 * those who have just joined at once. Who waits is in the rows, why in the news; nothing is due if it could not be said. Who was
 * told that he waits, and has no place any more though he did not leave it, is told that as well.
 */
@Injectable()
export class QueueStatusCourier {
  readonly counters = { sent: 0, ended: 0 };
  private readonly told = new WeakMap<Connection<PlayerPeer>, ToldWait>();
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
    if (this.registry.player(accountId) === undefined) return;
    this.left(accountId);
    this.joined.add(accountId);
  }

  /** This player has left by himself: he need not be told. */
  left(accountId: string): void {
    const connection = this.registry.player(accountId);
    if (connection !== undefined) this.told.delete(connection);
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
      const told = this.toldAmong(part);
      const { waiting, elsewhere, placed } = await this.store.read(async (tx) => {
        const found = await queue.waitingAmong(tx, part);
        const still = new Set(found.map(({ accountId }) => accountId));
        const gone = [...told.keys()].filter((id) => !still.has(id));
        return {
          waiting: found,
          elsewhere: await this.newest.playersElsewhere(tx, part),
          placed: gone.length === 0 ? new Set<string>() : await placedAmong(tx, gone),
        };
      });
      for await (const one of inTurns(waiting)) {
        const connection = elsewhere.has(one.accountId) ? undefined : this.registry.player(one.accountId);
        const status = connection?.isOpen ? this.statusOf(one) : undefined;
        if (connection === undefined || status === undefined) continue;
        this.counters.sent += 1;
        this.told.set(connection, { queue: one.queue, joinedAt: one.joinedAt });
        connection.send(MsgType.QueueStatus, status);
      }
      const stillWait = new Set(waiting.map(({ accountId }) => accountId));
      for (const [accountId, wait] of told) {
        if (stillWait.has(accountId) || elsewhere.has(accountId)) continue;
        // His match is what he hears of from here on, and of its end.
        if (placed.has(accountId)) this.forget(accountId, wait);
        else this.tellEnd(accountId, wait);
      }
    }
  }

  /** What those of these players who are here were told. */
  private toldAmong(accountIds: readonly string[]): Map<string, ToldWait> {
    const told = new Map<string, ToldWait>();
    for (const accountId of accountIds) {
      const connection = this.registry.player(accountId);
      const wait = connection && this.told.get(connection);
      if (wait !== undefined) told.set(accountId, wait);
    }
    return told;
  }

  private forget(accountId: string, wait: ToldWait): void {
    const connection = this.registry.player(accountId);
    if (connection !== undefined && this.told.get(connection) === wait) this.told.delete(connection);
  }

  /** Not if he has left or joined since the rows were read. */
  private tellEnd(accountId: string, wait: ToldWait): void {
    const connection = this.registry.player(accountId);
    if (!connection?.isOpen || this.told.get(connection) !== wait) return;
    this.told.delete(connection);
    this.counters.ended += 1;
    const waited = Math.floor(Math.max(0, this.clock.now() - wait.joinedAt) / 1000);
    const status = { queue: wait.queue, waited, window: 0, players: 0, reason: ENDED, ended: true };
    connection.send(MsgType.QueueStatus, status);
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
