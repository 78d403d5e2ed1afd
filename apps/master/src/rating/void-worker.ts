import { Inject, Injectable } from '@nestjs/common';
import { matchVoids, type MatchVoid, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { QueueModels } from '../config/queue-models.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { RepeatedTask } from '../matchmaking/repeated-task.js';
import { STORE } from '../store/store.module.js';
import { LateResultError, reRateQueue } from './re-rate-queue.js';

/** Time from one look to the next, ms. */
const LOOK_MS = 1_000;
/** After this long, another node may take up what one has begun: it was killed, ms. */
const CLAIM_MS = 15 * 60_000;

/**
 * Takes matches that operators voided out of the ratings: their queue is rated again without them, as `ranked replay
 * --without` does it. One node at a time is at a queue; doing it twice changes nothing.
 */
@Injectable()
export class VoidWorker {
  readonly counters = { voided: 0, failed: 0 };
  private readonly task: RepeatedTask;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly queues: QueueModels,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.task = new RepeatedTask(
      LOOK_MS,
      () => this.work(),
      (err) => log.error({ err }, 'voided matches were not looked for'),
    );
  }

  start(): void {
    this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }

  /** Does what there is of one queue. */
  async work(): Promise<void> {
    // Looked for first, without a write: nearly always there is nothing.
    if (!(await this.store.read((tx) => matchVoids.anyOpen(tx)))) return;
    const claimed = await this.store.write('claim voids', (tx) =>
      matchVoids.claim(tx, this.clock.now() - CLAIM_MS),
    );
    const [first] = claimed;
    if (!first) return;
    const ids = claimed.map(({ matchId }) => matchId);
    const failure = await this.takeOut(first, ids);
    if (failure === undefined) {
      this.counters.voided += ids.length;
      await this.store.writeGrouped('voids done', (tx) => matchVoids.markDone(tx, ids));
      this.log.warn({ queue: first.queue, matchIds: ids }, 'matches were voided and their queue rated again');
      return;
    }
    this.counters.failed += ids.length;
    await this.store.writeGrouped('voids failed', (tx) => matchVoids.markFailed(tx, ids, failure));
    this.log.error({ queue: first.queue, matchIds: ids, failure }, 'matches could not be voided');
  }

  /** Gives why it could not be done. */
  private async takeOut({ queue }: MatchVoid, ids: readonly string[]): Promise<string | undefined> {
    const model = this.queues.of(queue);
    if (!model)
      return 'the queue is not in the queues file of the master, so its ratings cannot be made again';
    try {
      await reRateQueue(this.store, {
        queue: model.config,
        without: new Set(ids),
        include: new Set(),
        byPresentRules: false,
        apply: true,
      });
      return undefined;
    } catch (error) {
      if (error instanceof LateResultError) return error.message;
      throw error;
    }
  }
}
