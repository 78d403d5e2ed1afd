/** What is believed of a player's skill: normally distributed around `mu`, with standard deviation `sigma` (same unit). */
export interface Rating {
  readonly mu: number;
  readonly sigma: number;
}

/** A finished match. Teams, ranks and weights belong together by position. */
export interface MatchInput {
  /** Two or more teams of one or more players each, rated as they were before the match. */
  readonly teams: readonly (readonly Rating[])[];
  /** One per team: the lower the better, equal ranks are a tie. Any finite numbers; only their order counts. */
  readonly ranks: readonly number[];
  /**
   * One per player, 0 to 1: the share of the match the player took part in. 1 where absent.
   * A player of weight 0 keeps his rating, apart from the uncertainty that every match adds.
   */
  readonly weights?: readonly (readonly number[])[];
}

/** The ratings after a match, in the shape and order of {@link MatchInput.teams}. */
export interface RatedMatch {
  readonly teams: Rating[][];
}

/** Probabilities of how a match will end; `win` and `draw` add up to 1. */
export interface Prediction {
  /** One per team. */
  readonly win: number[];
  readonly draw: number;
}

/**
 * What every model of skill offers. A model is immutable: it holds its parameters and no ratings.
 * All methods are pure, give the same bits for the same input, and throw a `TypeError` (wrong type) or a
 * `RangeError` (wrong value) whose message begins with the path of the argument that is at fault.
 */
export interface RatingModel<P extends object = object> {
  /** The name by which a configuration chooses the model. */
  readonly name: string;
  /** All parameters, defaults filled in: what must be kept with a match in order to rate it again. */
  readonly parameters: Readonly<P>;
  /** Display points for one unit of `mu`. */
  readonly pointsPerUnit: number;
  /** The rating of a player of whom nothing is known. */
  initial(): Rating;
  /** The ratings after a match. Inputs stay as they are. */
  rate(match: MatchInput): RatedMatch;
  /** How a match between these teams will end. */
  predict(teams: readonly (readonly Rating[])[]): Prediction;
  /** How close a match will be, 0 to 1: 1 when all skills are known exactly and the teams are equally strong. */
  quality(teams: readonly (readonly Rating[])[]): number;
  /** `mu - 3 sigma`: the skill that the player almost surely has, in units of `mu`. Leaderboards sort by it. */
  ordinal(rating: Rating): number;
  /** {@link ordinal} in display points, where a new player stands at 1500. Not rounded. */
  displayRating(rating: Rating): number;
}
