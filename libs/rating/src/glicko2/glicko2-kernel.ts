import type { FlatMatch, RatingKernel } from '../kernel.js';
import { emptyContest, type Contest } from '../weng-lin/contest.js';
import { performanceQuality } from '../weng-lin/performance-quality.js';
import { addMatch, emptyTeamSums, loadTeamSums, type TeamSums } from './match-evidence.js';
import type { Glicko2Parameters } from './parameters.js';
import { endPeriod, GLICKO_SCALE, type Evidence, type PlayerState } from './player-update.js';
import { predictGlicko2 } from './prediction.js';

/** The variance of half a logistic difference, pi^2 / 6: what one side's performance varies, in internal units. */
const PERFORMANCE_VARIANCE = 1.6449340668482264;

/** The array-backed update: every match is a rating period of its own. */
export class Glicko2Kernel implements RatingKernel {
  private sums: TeamSums = emptyTeamSums(2);
  private contest = emptyContest(2);
  private readonly evidence: Evidence = { score: 0, information: 0 };
  private readonly player: PlayerState = { mu: 0, sigma: 0, volatility: 0 };

  constructor(private readonly parameters: Glicko2Parameters) {}

  age(match: FlatMatch): void {
    const { sigma, volatility, days, players } = match;
    for (let j = 0; j < players; j++) {
      sigma[j] = agedDeviation(
        sigma[j] as number,
        volatility[j] as number,
        days[j] as number,
        this.parameters,
      );
    }
  }

  rate(match: FlatMatch): void {
    const { tau, sigma: cap } = this.parameters;
    const { mu, sigma, volatility, teamEnds } = match;
    const { evidence, player } = this;
    this.loadSums(match);
    // The n - 1 games of a race are one performance seen n - 1 times: taken as independent, they would let volatilities explode.
    const share = 2 / match.teams;
    let j = 0;
    for (let team = 0; team < match.teams; team++) {
      for (const end = teamEnds[team] as number; j < end; j++) {
        evidence.score = 0;
        evidence.information = 0;
        addMatch(evidence, match, this.sums, team, j);
        player.mu = mu[j] as number;
        player.sigma = sigma[j] as number;
        player.volatility = volatility[j] as number;
        endPeriod(player, evidence, tau, cap, share);
        // The sums hold all that others need of this player as he was.
        mu[j] = player.mu;
        sigma[j] = player.sigma;
        volatility[j] = player.volatility;
      }
    }
  }

  predict(match: FlatMatch, win: Float64Array): number {
    return predictGlicko2(this.load(match), win, this.parameters.drawProbability);
  }

  quality(match: FlatMatch): number {
    const contest = this.load(match);
    contest.betaSquared = PERFORMANCE_VARIANCE;
    return performanceQuality(contest);
  }

  /** The teams of a match that is yet to be played, as a contest in internal units. */
  load(match: FlatMatch): Contest {
    this.loadSums(match);
    if (this.contest.order.length < match.teams) this.contest = emptyContest(2 * match.teams);
    const { contest, sums } = this;
    contest.count = match.teams;
    for (let i = 0; i < match.teams; i++) {
      contest.strengths[i] = sums.strengths[i] as number;
      contest.variances[i] = sums.variances[i] as number;
    }
    return contest;
  }

  private loadSums(match: FlatMatch): void {
    if (this.sums.strengths.length < match.teams) this.sums = emptyTeamSums(2 * match.teams);
    loadTeamSums(this.sums, match, this.parameters);
  }
}

/** The deviation after idle time: a share of a period's volatility per day, capped at a new player's. In points. */
export function agedDeviation(
  sigma: number,
  volatility: number,
  days: number,
  parameters: Glicko2Parameters,
): number {
  if (sigma >= parameters.sigma) return sigma;
  const added = volatility * GLICKO_SCALE;
  return Math.min(
    parameters.sigma,
    Math.sqrt(sigma * sigma + (days / parameters.periodDays) * (added * added)),
  );
}
