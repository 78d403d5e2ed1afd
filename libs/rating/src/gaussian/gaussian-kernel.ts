import type { FlatMatch, RatingKernel } from '../kernel.js';
import type { GaussianConstants } from './constants.js';
import { Evidence } from './evidence.js';
import { ManyTeams } from './many-teams.js';
import { matchQuality } from './match-quality.js';
import { PerformanceOrder } from './performance-order.js';
import { predictTwoTeams } from './predict-two-teams.js';
import { evidenceOfScores } from './scored-teams.js';
import { TeamPerformances } from './team-performances.js';
import { evidenceOfTwoTeams } from './two-teams.js';

/** All arithmetic of the Gaussian model, on flat matches; the scratch memory is reused from match to match. */
export class GaussianKernel implements RatingKernel {
  private readonly performances: TeamPerformances;
  private readonly evidence = new Evidence();
  private readonly manyTeams = new ManyTeams();
  private readonly order = new PerformanceOrder();

  constructor(private readonly constants: GaussianConstants) {
    this.performances = new TeamPerformances(constants);
  }

  age(match: FlatMatch): void {
    const { players, sigma, days } = match;
    for (let i = 0; i < players; i++) {
      sigma[i] = agedSigma(sigma[i] as number, days[i] as number, this.constants);
    }
  }

  rate(match: FlatMatch): void {
    const { constants, performances, evidence } = this;
    const scored = match.hasScores && constants.scoreWorth > 0;
    performances.read(match, constants.tau, scored || match.teams === 2);
    evidence.reserve(match.teams);
    if (scored) evidenceOfScores(match, performances, constants, evidence);
    else if (match.teams === 2) evidenceOfTwoTeams(match, performances, constants, evidence);
    else this.manyTeams.evidence(match, performances, constants, evidence);
    evidence.apply(match, performances, constants);
  }

  predict(match: FlatMatch, win: Float64Array): number {
    this.performances.read(match, 0, true);
    if (match.teams === 2) return predictTwoTeams(this.performances, this.constants.drawMargin, win);
    this.order.read(this.performances, match.teams);
    return this.order.winners(this.constants.tieMargin, win);
  }

  /** See `RatingModel.quality`. */
  quality(match: FlatMatch): number {
    this.performances.read(match, 0, true);
    return matchQuality(this.performances, match.teams);
  }

  /** `[team][place]`, see `RatingModel.rankProbabilities`. */
  rankProbabilities(match: FlatMatch): number[][] {
    if (match.teams === 2) {
      const win = new Float64Array(2);
      const draw = this.predict(match, win);
      const first = Math.min(1, (win[0] as number) + draw / 2);
      const second = Math.min(1, (win[1] as number) + draw / 2);
      return [
        [first, second],
        [second, first],
      ];
    }
    this.performances.read(match, 0, true);
    this.order.read(this.performances, match.teams);
    return this.order.places();
  }
}

/** The deviation after idle days: it grows up to that of a new player, and stays where it is larger already. */
export function agedSigma(sigma: number, days: number, constants: GaussianConstants): number {
  const { initialSigma, variancePerDay } = constants;
  if (sigma >= initialSigma) return sigma;
  if (days === 0 || variancePerDay === 0) return sigma;
  return Math.min(initialSigma, Math.sqrt(sigma * sigma + days * variancePerDay));
}
