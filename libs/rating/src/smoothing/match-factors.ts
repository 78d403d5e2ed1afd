import { logarithm } from '../numerics/logarithm.js';
import {
  differenceFactor,
  logIntegral,
  logResultProbability,
  type GaussianFactor,
} from './difference-factor.js';
import type { SkillChains } from './skill-chains.js';
import type { ScaledParameters, SkillTimeline } from './skill-timeline.js';

const LOG_SQRT_TWO_PI = 0.9189385332046728;

/**
 * One factor per match: what its result says of the skills of those who played. The ranking is a chain of differences between
 * neighbours; with two teams that is one difference, taken exactly. With more, the messages along the chain are kept from visit
 * to visit, so that each visit goes down and up the chain once and the sweeps over the history bring it to its fixed point too.
 */
export class MatchFactors {
  /** Per team: the Gaussian factor of its comparison with the next one of the match. */
  readonly differencePrecision: Float64Array;
  readonly differencePull: Float64Array;
  /** The most teams of any match. */
  readonly mostTeams: number;
  /** Per team: what the comparisons with better and with worse teams say of its performance, as natural parameters. */
  private readonly betterPrecision: Float64Array;
  private readonly betterPull: Float64Array;
  private readonly worsePrecision: Float64Array;
  private readonly worsePull: Float64Array;
  /** Per team of the match at hand: its performance as the players' past and future predict it. */
  private readonly means: Float64Array;
  private readonly variances: Float64Array;
  private readonly factor: GaussianFactor = { precision: 0, pull: 0 };

  constructor(
    private readonly timeline: SkillTimeline,
    private readonly chains: SkillChains,
    private readonly parameters: ScaledParameters,
  ) {
    const { firstTeam, matches } = timeline;
    const teams = timeline.tiedWithNext.length;
    let most = 0;
    for (let match = 0; match < matches; match++) {
      most = Math.max(most, (firstTeam[match + 1] as number) - (firstTeam[match] as number));
    }
    this.mostTeams = most;
    this.differencePrecision = new Float64Array(teams);
    this.differencePull = new Float64Array(teams);
    this.betterPrecision = new Float64Array(teams);
    this.betterPull = new Float64Array(teams);
    this.worsePrecision = new Float64Array(teams);
    this.worsePull = new Float64Array(teams);
    this.means = new Float64Array(most);
    this.variances = new Float64Array(most);
  }

  /**
   * Takes the result once more, given all that the rest of the history says by now, and moves the sites of its players.
   *
   * @param step how far to move them towards what was found, 0 (only the teams tell each other) to 1 (all the way)
   */
  refine(match: number, step: number): void {
    const first = this.timeline.firstTeam[match] as number;
    const last = (this.timeline.firstTeam[match + 1] as number) - 1;
    const importance = this.timeline.importance[match] as number;
    this.predict(first, last);
    if (this.timeline.scored[match] === 1) {
      this.observe(first, last);
    } else {
      for (let team = first; team < last; team++) this.compare(first, team);
      for (let team = last - 2; team >= first; team--) this.compare(first, team);
    }
    for (let team = first; team <= last; team++) this.inform(first, team, importance, step);
  }

  /** Forgets what the teams of each match have told each other. */
  reset(): void {
    this.betterPrecision.fill(0);
    this.betterPull.fill(0);
    this.worsePrecision.fill(0);
    this.worsePull.fill(0);
  }

  /**
   * ln of the match's normalizing constant: the integral of its likelihood over the players' cavities, over that of the sites,
   * so that the constants and the integral over all sites make up the evidence of the history.
   */
  logConstant(match: number): number {
    const { chains, timeline, factor } = this;
    const first = timeline.firstTeam[match] as number;
    const last = (timeline.firstTeam[match + 1] as number) - 1;
    const importance = timeline.importance[match] as number;
    if (importance === 0) return 0;
    this.predict(first, last);
    let sum = 0;
    if (timeline.scored[match] === 1) sum = this.logObservation(first, last);
    else for (let team = first; team < last; team++) sum += this.logComparison(first, team);
    const end = timeline.firstAppearance[last + 1] as number;
    for (let i = timeline.firstAppearance[first] as number; i < end; i++) {
      factor.precision = (chains.sitePrecision[i] as number) / importance;
      factor.pull = (chains.sitePull[i] as number) / importance;
      const precision = chains.cavityPrecision(i);
      sum -= logIntegral(chains.cavityPull(i) / precision, precision, factor);
    }
    return importance * sum;
  }

  private predict(first: number, last: number): void {
    const { chains, means, variances } = this;
    const { firstAppearance, offset } = this.timeline;
    const { betaSquared } = this.parameters;
    for (let team = first; team <= last; team++) {
      const from = firstAppearance[team] as number;
      const end = firstAppearance[team + 1] as number;
      let mean = offset[team] as number;
      let variance = (end - from) * betaSquared;
      for (let i = from; i < end; i++) {
        const own = 1 / chains.cavityPrecision(i);
        mean += own * chains.cavityPull(i);
        variance += own;
      }
      means[team - first] = mean;
      variances[team - first] = variance;
    }
  }

  /** Compares a team with the next one of the ranking and tells each what follows for its performance. */
  private compare(first: number, team: number): void {
    const { factor, timeline } = this;
    const better = this.belief(first, team, this.betterPrecision, this.betterPull);
    const worse = this.belief(first, team + 1, this.worsePrecision, this.worsePull);
    differenceFactor(
      factor,
      better.mean - worse.mean,
      better.variance + worse.variance,
      timeline.margin[team] as number,
      timeline.tiedWithNext[team] === 1,
    );
    const { precision, pull } = factor;
    this.differencePrecision[team] = precision;
    this.differencePull[team] = pull;
    const toWorse = 1 + precision * better.variance;
    this.betterPrecision[team + 1] = precision / toWorse;
    this.betterPull[team + 1] = (precision * better.mean - pull) / toWorse;
    const toBetter = 1 + precision * worse.variance;
    this.worsePrecision[team] = precision / toBetter;
    this.worsePull[team] = (precision * worse.mean + pull) / toBetter;
  }

  /**
   * Tells every team what its score says of its performance, given the others' for the level that is common to all scores: the
   * sums over the teams before and after it, so that nothing is taken away again.
   */
  private observe(first: number, last: number): void {
    const { scoreVariance } = this.parameters;
    const { observed } = this.timeline;
    let precision = 0;
    let pull = 0;
    for (let team = last; team >= first; team--) {
      this.worsePrecision[team] = precision;
      this.worsePull[team] = pull;
      const weight = 1 / ((this.variances[team - first] as number) + scoreVariance);
      precision += weight;
      pull += weight * ((observed[team] as number) - (this.means[team - first] as number));
    }
    precision = 0;
    pull = 0;
    for (let team = first; team <= last; team++) {
      const others = precision + (this.worsePrecision[team] as number);
      const level = (pull + (this.worsePull[team] as number)) / others;
      const weight = 1 / ((this.variances[team - first] as number) + scoreVariance);
      precision += weight;
      pull += weight * ((observed[team] as number) - (this.means[team - first] as number));
      const certainty = 1 / (scoreVariance + 1 / others);
      this.betterPrecision[team] = certainty;
      this.betterPull[team] = certainty * ((observed[team] as number) - level);
      this.worsePrecision[team] = 0;
      this.worsePull[team] = 0;
    }
  }

  /** A team's performance, as its players and the messages from one side of the ranking have it. */
  private belief(first: number, team: number, precisions: Float64Array, pulls: Float64Array) {
    const mean = this.means[team - first] as number;
    const variance = this.variances[team - first] as number;
    const precision = precisions[team] as number;
    const widening = 1 + variance * precision;
    return {
      mean: (mean + variance * (pulls[team] as number)) / widening,
      variance: variance / widening,
    };
  }

  /** Tells the players of a team what the result says of each, all others being as predicted. */
  private inform(first: number, team: number, importance: number, step: number): void {
    const { chains, timeline } = this;
    const mean = this.means[team - first] as number;
    const variance = this.variances[team - first] as number;
    const precision = (this.betterPrecision[team] as number) + (this.worsePrecision[team] as number);
    const pull = (this.betterPull[team] as number) + (this.worsePull[team] as number);
    const from = timeline.firstAppearance[team] as number;
    const end = timeline.firstAppearance[team + 1] as number;
    // What the others add to the variance, at least: without it a difference of near equals could come out negative.
    const noise = (end - from) * this.parameters.betaSquared;
    for (let i = from; i < end; i++) {
      const own = 1 / chains.cavityPrecision(i);
      const widening = 1 + precision * Math.max(variance - own, noise);
      const others = mean - own * chains.cavityPull(i);
      chains.moveSite(
        i,
        (importance * precision) / widening,
        (importance * (pull - precision * others)) / widening,
        step,
      );
    }
  }

  /** A comparison's share in the evidence of the match; the chain is integrated team by team, best first. */
  private logComparison(first: number, team: number): number {
    const { factor, timeline } = this;
    const margin = timeline.margin[team] as number;
    const tied = timeline.tiedWithNext[team] === 1;
    const better = this.belief(first, team, this.betterPrecision, this.betterPull);
    const worse = this.belief(first, team + 1, this.worsePrecision, this.worsePull);
    const mean = better.mean - worse.mean;
    const variance = better.variance + worse.variance;
    differenceFactor(factor, mean, variance, margin, tied);
    const predicted = better.variance + (this.variances[team + 1 - first] as number);
    return (
      logResultProbability(mean, variance, margin, tied) -
      logIntegral(mean, 1 / variance, factor) +
      logIntegral(better.mean - (this.means[team + 1 - first] as number), 1 / predicted, factor)
    );
  }

  /**
   * ln of the density of the scores' differences, on the scale on which they are observed and per unit of it: the level is
   * integrated out.
   */
  private logObservation(first: number, last: number): number {
    const { scoreVariance, scoreWorth } = this.parameters;
    const { observed } = this.timeline;
    let precision = 0;
    let level = 0;
    let sum = (last - first) * (logarithm(scoreWorth) - LOG_SQRT_TWO_PI);
    for (let team = first; team <= last; team++) {
      const variance = (this.variances[team - first] as number) + scoreVariance;
      const off = (observed[team] as number) - (this.means[team - first] as number) - level;
      // The residual given those before it; the first one says nothing, since the level may be anything.
      if (team > first) {
        const total = variance + 1 / precision;
        sum -= 0.5 * (logarithm(total) + (off / total) * off);
      }
      precision += 1 / variance;
      level += off / variance / precision;
    }
    return sum;
  }
}
