import type { QueueRules } from '@ranked/matchmaker';
import type { RatingModel } from '@ranked/rating';
import type { QueueConfig } from './queue-config.js';

/** A queue's configuration as the matchmaker takes it. */
export function matchmakingRules(
  {
    name,
    teams,
    size,
    window,
    searchSteps,
  }: Pick<QueueConfig, 'name' | 'teams' | 'size' | 'window' | 'searchSteps'>,
  model: RatingModel,
): QueueRules {
  return {
    name,
    teams,
    size,
    window,
    model,
    ...(searchSteps !== undefined && { search: { steps: searchSteps } }),
  };
}
