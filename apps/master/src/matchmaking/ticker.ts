import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { MasterConfig } from '../config/master-config.js';
import { CommandCourier } from '../game-servers/command-courier.js';
import { CredentialWatch } from '../game-servers/credential-watch.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Deliveries } from './deliveries.js';
import { NewestConnections } from './newest-connections.js';
import { RepeatedTask } from './repeated-task.js';
import { Tick } from './tick.js';
import type { TickOutcome } from './tick-outcome.js';

/** What a tick did, and how long it took. */
export interface TickSummary extends TickOutcome {
  /** From its beginning to its commit, ms. */
  durationMs: number;
}

/** Longest time between two looks at revocations and commands, ms: both are promised within a second. */
const WATCH_MS = 400;

/**
 * The master's heartbeat: the tick, and apart from it, so that a long tick delays neither, the watch over credentials
 * and the delivery of operators' commands. Each begins again a while after it ended, so none overlaps itself.
 */
@Injectable()
export class Ticker implements OnModuleDestroy {
  readonly counters = { ticks: 0, failed: 0, lastMs: 0, longestMs: 0 };
  private readonly tasks: RepeatedTask[];
  private longestMs = 0;

  constructor(
    private readonly tick: Tick,
    private readonly deliveries: Deliveries,
    private readonly watch: CredentialWatch,
    private readonly newest: NewestConnections,
    private readonly commands: CommandCourier,
    config: MasterConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const pause = Math.min(WATCH_MS, config.tickMs);
    this.tasks = [
      new RepeatedTask(
        config.tickMs,
        () => this.tickOnce(),
        (err) => this.failed(err),
      ),
      new RepeatedTask(
        pause,
        () => this.watchOnce(),
        (err) => log.error({ err }, 'the watch over connections failed'),
      ),
      new RepeatedTask(
        pause,
        () => this.commands.deliver(),
        (err) => log.error({ err }, 'commands were not delivered'),
      ),
    ];
  }

  /** Begins to tick. */
  start(): void {
    for (const task of this.tasks) task.start();
  }

  /** No further tick; resolves when what was under way, deliveries included, has ended. */
  async stop(): Promise<void> {
    await Promise.all(this.tasks.map((task) => task.stop()));
    await this.idle();
  }

  /** Nest is closing, and every connection has ended: the servers that were here are offline. */
  async onModuleDestroy(): Promise<void> {
    try {
      await this.tick.farewell();
    } catch (err) {
      this.log.error(
        { err },
        'game servers could not be marked offline: the next master will find them silent',
      );
    }
  }

  /** One tick and the start of what has to be sent after it. The answers come later: see {@link idle}. */
  async tickOnce(): Promise<TickSummary> {
    const began = performance.now();
    const outcome = await this.tick.run();
    const durationMs = performance.now() - began;
    this.counters.ticks += 1;
    this.counters.lastMs = durationMs;
    this.counters.longestMs = Math.max(this.counters.longestMs, durationMs);
    this.longestMs = Math.max(this.longestMs, durationMs);
    await this.deliveries.after(outcome);
    return { ...outcome, durationMs };
  }

  /** Duration of the longest tick since this was asked before, ms. */
  takeLongestMs(): number {
    const longest = this.longestMs;
    this.longestMs = 0;
    return longest;
  }

  /** One look at revocations, logouts, bans, expiry and the master key, and at peers that went to another node. */
  async watchOnce(): Promise<void> {
    await this.watch.check();
    await this.newest.check();
  }

  /** Resolves when nothing that was sent still waits for its answer. */
  async idle(): Promise<void> {
    await this.deliveries.idle();
    await this.commands.idle();
  }

  private failed(err: unknown): void {
    this.counters.failed += 1;
    this.log.error({ err }, 'a tick failed: nothing of it was committed, the next one tries again');
  }
}
