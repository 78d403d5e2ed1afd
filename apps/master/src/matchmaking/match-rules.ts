import type { JsonValue } from '@ranked/store';
import type { QueueModel } from '../config/queue-models.js';

/** The rules a match is played and rated by: stored with it, so that later changes of the queue do not touch it. */
export type MatchRules = {
  queue: string;
  teams: number;
  size: number;
  window: { initial: number; perSecond: number; max: number };
  /** Name of the rating model and all its parameters, as `ratingModel` takes them. */
  rating: { readonly [parameter: string]: JsonValue };
  /** The team with the better side, if the queue has one. */
  host?: number;
  /** 1 unless given. */
  matchImportance?: number;
};

/** The rules of a queue as they are now. */
export function rulesOf({ config, model }: QueueModel): MatchRules {
  const { host, matchImportance } = config;
  const { initial, perSecond, max } = config.window;
  return {
    queue: config.name,
    teams: config.teams,
    size: config.size,
    window: { initial, perSecond, max },
    rating: { ...(model.parameters as Record<string, JsonValue>), model: model.name },
    ...(host !== undefined && { host }),
    ...(matchImportance !== undefined && { matchImportance }),
  };
}
