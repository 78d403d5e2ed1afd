import type { QueueRules } from '@ranked/matchmaker';
import type { RatingModel } from '@ranked/rating';
import type { QueueConfig } from './queue-config.js';

/** A queue's configuration as the matchmaker takes it. */
export function matchmakingRules(
  rules: Omit<QueueConfig, 'rating' | 'ranks'>,
  model: RatingModel,
): QueueRules {
  const { name, teams, size, window, latency, roles, parties, repeats, searchSteps } = rules;
  return {
    name,
    teams,
    size,
    window,
    model,
    ...(latency && { latency }),
    ...(roles && { roles }),
    ...(parties && { parties }),
    ...(repeats && { repeats }),
    ...(searchSteps !== undefined && { search: { steps: searchSteps } }),
  };
}
