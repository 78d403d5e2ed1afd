import type { FlatMatch, Rating, RatingKernel, RatingModel } from '@ranked/rating';

/** The logistic curve with its argument stretched by this follows the normal distribution to within 0.01 (Cox 1970). */
const LOGISTIC_PER_DEVIATION = 1.702;
const POINTS_PER_DEVIATION = 200;
/** Beyond this sums would be infinite. */
const STRONGEST = 1e300;

/**
 * What a rating model says of one match after another. The players are laid out flat for the model's kernel: an object for each,
 * checked once more, would be most of what a proposal costs.
 */
export class Forecast {
  private readonly kernel: RatingKernel | undefined;
  private readonly match: FlatMatch;
  private readonly win: Float64Array;

  /** Every match has `teams` teams of `size` players. */
  constructor(
    private readonly model: RatingModel,
    teams: number,
    size: number,
  ) {
    const players = teams * size;
    this.kernel = model.kernel?.();
    this.win = new Float64Array(teams);
    this.match = {
      teams,
      players,
      teamEnds: Int32Array.from({ length: teams }, (_, team) => (team + 1) * size),
      mu: new Float64Array(players),
      sigma: new Float64Array(players),
      volatility: new Float64Array(players),
      days: new Float64Array(players),
      ranks: new Float64Array(teams),
      hasScores: false,
      scores: new Float64Array(teams),
      host: -1,
      hasPlayFraction: false,
      playFraction: new Float64Array(players),
      importance: 1,
    };
  }

  /** Sets the rating of a player; `at`: his place, counted through the teams in their order. */
  put(at: number, mu: number, sigma: number): void {
    this.match.mu[at] = mu;
    this.match.sigma[at] = sigma;
  }

  /** `RatingModel.quality` of the players put last. */
  quality(): number {
    return this.kernel === undefined ? this.model.quality(this.ratings()) : this.kernel.quality(this.match);
  }

  /**
   * Probability of winning per team, then that of a draw. For two teams the model's own prediction. For more that takes 60 to
   * 170 µs a match, so chances of the form exp(strength) / sum are taken (Plackett-Luce), scaled to the uncertainty of a pair of
   * teams.
   */
  odds(): number[] {
    const { kernel, match, win } = this;
    if (match.teams > 2) return this.estimatedOdds();
    if (kernel === undefined) {
      const { win: chances, draw } = this.model.predict(this.ratings());
      return [...chances, draw];
    }
    const draw = kernel.predict(match, win);
    return [win[0] as number, win[1] as number, draw];
  }

  private estimatedOdds(): number[] {
    const { mu, sigma, teams, players } = this.match;
    const size = players / teams;
    const beta = POINTS_PER_DEVIATION / this.model.pointsPerUnit;
    let variance = 0;
    const strengths = new Array<number>(teams).fill(0);
    for (let at = 0; at < players; at++) {
      const team = Math.floor(at / size);
      const deviation = sigma[at] as number;
      strengths[team] =
        (strengths[team] as number) + Math.max(-STRONGEST, Math.min(STRONGEST, mu[at] as number));
      variance += (beta * beta + deviation * deviation) / teams;
    }
    const scale = LOGISTIC_PER_DEVIATION / Math.sqrt(2 * variance);
    const strongest = Math.max(...strengths);
    const weights = strengths.map((strength) => Math.exp(scale * (strength - strongest)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return [...weights.map((weight) => weight / total), 0];
  }

  /** The same players as objects, for a model without a kernel. */
  private ratings(): Rating[][] {
    const { mu, sigma, teams, teamEnds } = this.match;
    return Array.from({ length: teams }, (_, team) => {
      const first = team === 0 ? 0 : (teamEnds[team - 1] as number);
      return Array.from({ length: (teamEnds[team] as number) - first }, (_, i) => ({
        mu: mu[first + i] as number,
        sigma: sigma[first + i] as number,
      }));
    });
  }
}
