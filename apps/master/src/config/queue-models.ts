import { Injectable } from '@nestjs/common';
import { ratingModel, type RatingModel } from '@ranked/rating';
import { standingRules, type StandingRules } from '../rating/standing.js';
import { MasterConfig, type QueueConfig } from './master-config.js';

/** A configured queue with its rating model. */
export interface QueueModel {
  config: QueueConfig;
  model: RatingModel;
}

/** The queues by name, each with its rating model, which is built once. */
@Injectable()
export class QueueModels {
  private readonly byName: ReadonlyMap<string, QueueModel & { standing: StandingRules }>;

  constructor(config: MasterConfig) {
    this.byName = new Map(
      config.queues.map((queue) => {
        const model = ratingModel(queue.rating);
        return [queue.name, { config: queue, model, standing: standingRules(model, queue.ranks) }];
      }),
    );
  }

  /** The queue of that name, or undefined if none is configured. */
  of(name: string): QueueModel | undefined {
    return this.byName.get(name);
  }

  /** How that queue shows ratings; undefined if none is configured. */
  standing(name: string): StandingRules | undefined {
    return this.byName.get(name)?.standing;
  }

  /** All queues in the order of the queues file. */
  all(): QueueModel[] {
    return [...this.byName.values()];
  }
}
