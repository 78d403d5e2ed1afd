import type { FlatMatch } from '../kernel.js';
import type { GaussianConstants } from './constants.js';

/** Squares of deviations below this have lost digits; such a deviation counts as 0. */
const SMALLEST_SQUARE = 1e-290;
/** Within these bounds, squares and sums of squares of deviations are far from the ends of a double's range. */
const LARGE_DEVIATION = 1e50;
const SMALL_DEVIATION = 1e-50;
/** Means beyond this many units are taken to lie there: no difference between them can be told apart any more. */
const LARGEST_MEAN = 1e200;

/** Keeps a number of computing units within what can be told apart. */
export function bounded(value: number): number {
  return value > LARGEST_MEAN ? LARGEST_MEAN : value < -LARGEST_MEAN ? -LARGEST_MEAN : value;
}

/**
 * What is believed of the teams' performances in one match: a team performs at the sum of its players' performances, each
 * normal around his skill and counted by his play fraction. One object serves many matches; arrays may be longer than needed.
 */
export class TeamPerformances {
  /** The unit of all that follows: 1 for sensible numbers, else the largest deviation, so that no square overflows. */
  unit = 1;
  /** Performance deviation of one player, in computing units. */
  beta = 0;
  /** Per player: skill variance, with the dynamics if any. */
  skillVariances = new Float64Array(16);
  /** Per team: mean and variance of its performance, its number of players, and the sum of their squared play fractions. */
  means = new Float64Array(4);
  variances = new Float64Array(4);
  sizes = new Float64Array(4);
  squaredFractions = new Float64Array(4);

  constructor(private readonly constants: GaussianConstants) {}

  /** Reads a match, with `tau` of dynamics added to every player's deviation, and with or without its play fractions. */
  read(match: FlatMatch, tau: number, withFractions: boolean): void {
    const { beta, hostAdvantage, playerOffset } = this.constants;
    const { mu, sigma, playFraction, teamEnds, teams, players } = match;
    const hasPlayFraction = withFractions && match.hasPlayFraction;
    this.reserve(teams, players);
    let largest = beta;
    for (let i = 0; i < players; i++) if ((sigma[i] as number) > largest) largest = sigma[i] as number;
    const unit = largest < LARGE_DEVIATION && largest > SMALL_DEVIATION ? 1 : largest;
    const betaSquared = (beta / unit) * (beta / unit);
    const tauSquared = (tau / unit) * (tau / unit);
    const { skillVariances, means, variances, sizes, squaredFractions } = this;
    let i = 0;
    for (let team = 0; team < teams; team++) {
      const end = teamEnds[team] as number;
      sizes[team] = end - i;
      let mean = team === match.host ? hostAdvantage / unit : 0;
      let variance = 0;
      let squares = 0;
      for (; i < end; i++) {
        const deviation = (sigma[i] as number) / unit;
        const square = deviation * deviation + tauSquared;
        const skill = square < SMALLEST_SQUARE ? 0 : square;
        skillVariances[i] = skill;
        const fraction = hasPlayFraction ? (playFraction[i] as number) : 1;
        mean += fraction * bounded((mu[i] as number) / unit + playerOffset / unit);
        variance += fraction * fraction * (skill + betaSquared);
        squares += fraction * fraction;
      }
      means[team] = bounded(mean);
      variances[team] = variance;
      squaredFractions[team] = squares;
    }
    this.unit = unit;
    this.beta = beta / unit;
  }

  /**
   * The draw margin between the first two teams, in computing units: for n players √n times that of one. Once they play half
   * of the match and less it shrinks with them. It would otherwise exceed the performances, and the narrowest win of who hardly
   * took part, which a server may claim, would count as a sensation without bound.
   */
  drawMargin(perDeviation: number): number {
    const { sizes, squaredFractions } = this;
    const players = (sizes[0] as number) + (sizes[1] as number);
    const squares = (squaredFractions[0] as number) + (squaredFractions[1] as number);
    return perDeviation * Math.min(Math.sqrt(players), 2 * Math.sqrt(squares)) * this.beta;
  }

  private reserve(teams: number, players: number): void {
    if (this.skillVariances.length < players) this.skillVariances = new Float64Array(2 * players);
    if (this.means.length >= teams) return;
    this.means = new Float64Array(2 * teams);
    this.variances = new Float64Array(2 * teams);
    this.sizes = new Float64Array(2 * teams);
    this.squaredFractions = new Float64Array(2 * teams);
  }
}
