import { logIntegral } from './difference-factor.js';
import type { MatchFactors } from './match-factors.js';
import type { SkillChains } from './skill-chains.js';
import type { SkillTimeline } from './skill-timeline.js';

/**
 * ln of the probability of all results given the parameters, as expectation propagation approximates it (Minka 2001, section
 * 3.2): the match factors' constants times the integral over the product of all sites, which is Gaussian along each chain and
 * taken appearance by appearance from what the past predicts. -Infinity for what is impossible or beyond the numbers there are.
 */
export function logEvidence(timeline: SkillTimeline, chains: SkillChains, factors: MatchFactors): number {
  const site = { precision: 0, pull: 0 };
  let sum = 0;
  for (let match = 0; match < timeline.matches; match++) sum += factors.logConstant(match);
  for (let i = 0; i < timeline.appearances; i++) {
    site.precision = chains.sitePrecision[i] as number;
    site.pull = chains.sitePull[i] as number;
    const precision = chains.pastPrecision(i);
    sum += logIntegral(chains.pastPull(i) / precision, precision, site);
  }
  return Number.isNaN(sum) ? -Infinity : sum;
}
