import { Inject, Injectable } from '@nestjs/common';
import { dashboard, metricSamples, type NodeSample, type ReadTx, type Store } from '@ranked/store';
import type { ChannelCounters } from '../channel/channel-counters.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { RepeatedTask } from '../matchmaking/repeated-task.js';
import { Ticker } from '../matchmaking/ticker.js';
import { STORE } from '../store/store.module.js';

/** Time from one sample to the next, ms. */
export const SAMPLE_MS = 10_000;
/** The wait that is told is that of players matched within this time, ms. */
const WAITS_OF_MS = 600_000;

type Rows = Pick<NodeSample, 'waiting' | 'playing' | 'servers' | 'matches' | 'meanWaitMs'>;

/** Writes what this node knows of itself, and the rows at large, for the plots of the operators' dashboard. */
@Injectable()
export class MetricSampler {
  private readonly task: RepeatedTask;
  private first: Promise<void> | undefined;
  private readonly doors: [name: string, counters: ChannelCounters][] = [];
  private readonly refusedBefore = new Map<string, number>();
  /** When this process wrote last; before the first sample, when it began. */
  private writtenAt: number;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly ticker: Ticker,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.writtenAt = clock.now();
    this.task = new RepeatedTask(
      SAMPLE_MS,
      () => this.sample(),
      (err) => this.failed(err),
    );
  }

  /** Counts what this door refuses as well. */
  observe(name: string, counters: ChannelCounters): void {
    this.doors.push([name, counters]);
  }

  /** The first sample is written at once: until there is one, the dashboard says that no master runs. */
  start(): void {
    this.first ??= this.sample().catch((err: unknown) => this.failed(err));
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.first;
    await this.task.stop();
  }

  /** Writes one sample. */
  async sample(): Promise<void> {
    const { rows, last } = await this.store.read(async (tx) => ({
      rows: await this.look(tx),
      last: await metricSamples.lastOf(tx, this.config.nodeId),
    }));
    this.mindNamesake(last);
    const { counters } = this.ticker;
    const sample: NodeSample = {
      playersConnected: this.registry.playerCount,
      serversConnected: this.registry.serverCount,
      tickMs: counters.lastMs,
      tickLongestMs: this.ticker.takeLongestMs(),
      ticks: counters.ticks,
      ticksFailed: counters.failed,
      refusals: this.refusals(),
      heartbeatMs: this.config.heartbeatMs,
      ...rows,
    };
    this.writtenAt = await this.store.writeGrouped('sample', (tx) =>
      metricSamples.append(tx, this.config.nodeId, sample),
    );
  }

  /** Two masters of one name take each other's game servers for their own: presence is kept by the name. */
  private mindNamesake(last: number | null): void {
    const { nodeId } = this.config;
    if (last === null || last <= this.writtenAt) return;
    this.log.error(
      { nodeId, writtenAt: last },
      'another master runs under the name of this one: give each a RANKED_NODE_ID of its own, or none',
    );
  }

  private failed(err: unknown): void {
    this.log.error({ err }, 'a sample for the dashboard was not written');
  }

  private async look(tx: ReadTx): Promise<Rows> {
    const now = this.clock.now();
    const waiting = await dashboard.waitingByQueue(tx);
    const made = await dashboard.madeByQueue(tx, now - WAITS_OF_MS);
    const players = made.reduce((sum, one) => sum + one.players, 0);
    const waited = made.reduce((sum, one) => sum + (one.meanWaitMs ?? 0) * one.players, 0);
    return {
      waiting: Object.fromEntries(waiting.map((one) => [one.queue, one.waiting])),
      playing: await dashboard.playing(tx),
      servers: await dashboard.serverCounts(tx),
      matches: await dashboard.matchCounts(tx, now),
      meanWaitMs: players === 0 ? null : Math.round(waited / players),
    };
  }

  /** What was refused since the sample before, by door and cause. */
  private refusals(): Record<string, number> {
    const now = this.doors.flatMap(([door, counters]) => [
      ...Object.entries(counters.refusedAtTheDoor.toJSON()).map(
        ([cause, n]) => [`${door} ${cause}`, n] as const,
      ),
      ...Object.entries(counters.handshakesRefused.toJSON()).map(
        ([cause, n]) => [`${door} ${cause}`, n] as const,
      ),
      ...Object.entries(counters.handshakesFailed.toJSON()).map(
        ([cause, n]) => [`${door} ${cause}`, n] as const,
      ),
    ]);
    const fresh = now
      .map(([cause, n]) => [cause, n - (this.refusedBefore.get(cause) ?? 0)] as const)
      .filter(([, n]) => n > 0);
    for (const [cause, n] of now) this.refusedBefore.set(cause, n);
    return Object.fromEntries(fresh);
  }
}
