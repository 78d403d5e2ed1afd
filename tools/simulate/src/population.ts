import type { Rating, RatingModel } from '@ranked/rating';
import { RandomStream } from './random-stream.js';
import { latenciesFrom } from './regions.js';
import type { Distribution, Scenario } from './scenario.js';

/** Somebody who plays: what he can do, which nobody in the simulation knows, and what his results have made believe. */
export interface SimulatedPlayer {
  readonly id: string;
  /** Hidden, in units of `mu`. */
  readonly strength: number;
  readonly region: number;
  /** Milliseconds per region. */
  readonly latencies: Readonly<Record<string, number>>;
  /** What he does next does not depend on what others did. */
  readonly random: RandomStream;
  rating: Rating;
  lastOpponents: readonly string[];
  /** Whether he waits, plays or rests between two matches. */
  busy: boolean;
}

/** What some thirty matches leave of a new player's uncertainty. */
const SETTLED = 0.3;

/** The same people for the same scenario, whatever the policy. */
export function createPopulation(scenario: Scenario, model: RatingModel): SimulatedPlayer[] {
  const { seed, players, strength: distribution, deviation, newcomers, regions } = scenario;
  const start = model.initial();
  return Array.from({ length: players }, (_, i) => {
    const random = new RandomStream(seed, `player ${i}`);
    const points = deviation * standardStrength(distribution, random);
    const strength = start.mu + points / model.pointsPerUnit;
    const region = random.below(regions);
    return {
      id: `p${i}`,
      strength,
      region,
      latencies: latenciesFrom(region, regions, random),
      random,
      rating: random.next() < newcomers ? start : settledRating(start, strength, random),
      lastOpponents: [],
      busy: false,
    };
  });
}

function settledRating(start: Rating, strength: number, random: RandomStream): Rating {
  const sigma = SETTLED * start.sigma;
  return { ...start, mu: random.normal(strength, sigma), sigma };
}

/** A strength with mean 0 and deviation 1. */
function standardStrength(distribution: Distribution, random: RandomStream): number {
  switch (distribution) {
    case 'normal':
      return random.normal(0, 1);
    case 'skewed':
      // A gamma distribution of shape 3: the sum of three exponential ones.
      return (random.exponential(1) + random.exponential(1) + random.exponential(1) - 3) / Math.sqrt(3);
    case 'two-groups':
      // Two bells whose means are 1.8 apart: 0.9² + 0.436² = 1.
      return random.next() < 0.5 ? random.normal(-0.9, 0.436) : random.normal(0.9, 0.436);
  }
}
