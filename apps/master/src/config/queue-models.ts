import { Injectable } from '@nestjs/common';
import { ratingModel, type RatingModel } from '@ranked/rating';
import { MasterConfig, type QueueConfig } from './master-config.js';

/** A configured queue with its rating model. */
export interface QueueModel {
  config: QueueConfig;
  model: RatingModel;
}

/** The queues by name, each with its rating model, which is built once. */
@Injectable()
export class QueueModels {
  private readonly byName: ReadonlyMap<string, QueueModel>;

  constructor(config: MasterConfig) {
    this.byName = new Map(
      config.queues.map((queue) => [queue.name, { config: queue, model: ratingModel(queue.rating) }]),
    );
  }

  /** The queue of that name, or undefined if none is configured. */
  of(name: string): QueueModel | undefined {
    return this.byName.get(name);
  }

  /** All queues in the order of the queues file. */
  all(): QueueModel[] {
    return [...this.byName.values()];
  }
}
