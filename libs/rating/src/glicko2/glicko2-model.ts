import { MatchBuffer } from '../gaussian/match-buffer.js';
import type { FlatMatch, RatingKernel } from '../kernel.js';
import type { Circumstances, MatchInput, Prediction, RatedMatch, Rating, RatingModel } from '../rating.js';
import { requireCircumstances, requireDays, requireMatch, requireTeams } from '../validation.js';
import { twoTeamRankProbabilities } from '../weng-lin/two-team-prediction.js';
import { agedDeviation, Glicko2Kernel } from './glicko2-kernel.js';
import { completeGlicko2Parameters, type Glicko2Parameters } from './parameters.js';
import { glicko2Places } from './prediction.js';
import { ratePeriod, ratePlayer, type Glicko2Game, type PeriodGame } from './rating-period.js';
import { requireGlicko2Rating, requireVolatilities } from './requirements.js';

const NOTHING_SPECIAL: Circumstances = Object.freeze({});
/** A new player's display rating. */
const DISPLAY_START = 1500;

/** Glicko-2, with rating periods besides what every model offers. */
export interface Glicko2Model extends RatingModel<Glicko2Parameters> {
  /** A player's rating after a period with these games; opponents as they were before it. */
  ratePlayer(rating: Rating, games: readonly Glicko2Game[]): Rating;
  /**
   * All ratings after a period; players without a game become less certain.
   *
   * @throws RangeError for a game with a player who is not among `players`
   */
  ratePeriod(players: ReadonlyMap<string, Rating>, games: readonly PeriodGame[]): Map<string, Rating>;
}

/**
 * Glicko-2 (Glickman: Example of the Glicko-2 system, 2013): ratings around 1500, with a deviation and a volatility. `rate` treats a
 * match as a rating period of its own; `ratePeriod` is the system as it is published.
 *
 * @throws TypeError or RangeError that names the parameter
 */
export function glicko2(parameters: Partial<Glicko2Parameters> = {}): Glicko2Model {
  return glicko2From(parameters, 'parameters');
}

/** The same for values of any type; `path` begins the message of an error. */
export function glicko2From(given: Partial<Glicko2Parameters>, path: string): Glicko2Model {
  return new Glicko2(completeGlicko2Parameters(given, path));
}

class Glicko2 implements Glicko2Model {
  readonly name = 'glicko2';
  readonly pointsPerUnit = 1;
  private readonly working: Glicko2Kernel;
  private readonly buffer = new MatchBuffer();

  constructor(readonly parameters: Glicko2Parameters) {
    this.working = new Glicko2Kernel(parameters);
  }

  kernel(): RatingKernel {
    return new Glicko2Kernel(this.parameters);
  }

  initial(): Rating {
    const { mu, sigma, volatility } = this.parameters;
    return { mu, sigma, volatility };
  }

  aged(rating: Rating, days: number): Rating {
    requireGlicko2Rating(rating, 'rating');
    requireDays(days);
    const { mu, volatility = this.parameters.volatility } = rating;
    return { mu, sigma: agedDeviation(rating.sigma, volatility, days, this.parameters), volatility };
  }

  rate(match: MatchInput): RatedMatch {
    requireMatch(match);
    requireVolatilities(match.teams, 'match.teams');
    const flat = this.buffer.loadMatch(match);
    this.loadVolatilities(match.teams);
    this.working.rate(flat);
    return { teams: ratingsOf(flat) };
  }

  predict(teams: readonly (readonly Rating[])[], circumstances: Circumstances = NOTHING_SPECIAL): Prediction {
    const flat = this.loadTeams(teams, circumstances);
    const win = new Float64Array(flat.teams);
    const draw = this.working.predict(flat, win);
    return { win: Array.from(win), draw };
  }

  rankProbabilities(
    teams: readonly (readonly Rating[])[],
    circumstances: Circumstances = NOTHING_SPECIAL,
  ): number[][] {
    const flat = this.loadTeams(teams, circumstances);
    if (flat.teams > 2) return glicko2Places(this.working.load(flat));
    const win = new Float64Array(2);
    return twoTeamRankProbabilities(win, this.working.predict(flat, win));
  }

  quality(teams: readonly (readonly Rating[])[], circumstances: Circumstances = NOTHING_SPECIAL): number {
    return this.working.quality(this.loadTeams(teams, circumstances));
  }

  ordinal(rating: Rating): number {
    requireGlicko2Rating(rating, 'rating');
    return rating.mu - 3 * rating.sigma;
  }

  displayRating(rating: Rating): number {
    return DISPLAY_START + this.ordinal(rating) - this.ordinal(this.initial());
  }

  ratePlayer(rating: Rating, games: readonly Glicko2Game[]): Rating {
    return ratePlayer(rating, games, this.parameters);
  }

  ratePeriod(players: ReadonlyMap<string, Rating>, games: readonly PeriodGame[]): Map<string, Rating> {
    return ratePeriod(players, games, this.parameters);
  }

  private loadTeams(teams: readonly (readonly Rating[])[], circumstances: Circumstances): FlatMatch {
    requireTeams(teams, 'teams');
    requireVolatilities(teams, 'teams');
    requireCircumstances(circumstances, teams, 'circumstances');
    this.buffer.loadTeams(teams);
    return this.buffer.loadCircumstances(circumstances);
  }

  /** The buffer serves models without volatilities too. */
  private loadVolatilities(teams: readonly (readonly Rating[])[]): void {
    const { flat } = this.buffer;
    if (flat.volatility.length < flat.players) flat.volatility = new Float64Array(2 * flat.players);
    let j = 0;
    for (const team of teams) {
      for (const { volatility } of team) flat.volatility[j++] = volatility ?? this.parameters.volatility;
    }
  }
}

function ratingsOf({ teams, teamEnds, mu, sigma, volatility }: FlatMatch): Rating[][] {
  const result = new Array<Rating[]>(teams);
  let j = 0;
  for (let i = 0; i < teams; i++) {
    const end = teamEnds[i] as number;
    const team = new Array<Rating>(end - j);
    for (let k = 0; j < end; j++, k++) {
      team[k] = { mu: mu[j] as number, sigma: sigma[j] as number, volatility: volatility[j] as number };
    }
    result[i] = team;
  }
  return result;
}
