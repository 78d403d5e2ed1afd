import type { RatingKernel } from './kernel.js';

/** What is believed of a player's skill: normally distributed around `mu`, with standard deviation `sigma` (same unit). */
export interface Rating {
  readonly mu: number;
  readonly sigma: number;
  /** Glicko-2 only: how erratic the player's results are; a number without unit. Other models leave it out. */
  readonly volatility?: number;
}

/** What is known of a match before it is played, apart from who plays. */
export interface Circumstances {
  /** Index of the team that plays at home or has the better side. Absent: nobody. */
  readonly host?: number;
  /**
   * One per player, 0 to 1: the share of the match the player takes part in. 1 where absent.
   * A player of fraction 0 keeps his rating, apart from the uncertainty that every match adds.
   */
  readonly playFraction?: readonly (readonly number[])[];
}

/** A finished match. Teams, ranks and the rest belong together by position. */
export interface MatchInput extends Circumstances {
  /** Two or more teams of one or more players each, rated as they were before the match. */
  readonly teams: readonly (readonly Rating[])[];
  /** One per team: the lower the better, equal ranks are a tie. Any finite numbers; only their order counts. */
  readonly ranks: readonly number[];
  /** One per team, in units won (goals, rounds, sets): the higher the better. Must not contradict the ranks. */
  readonly scores?: readonly number[];
  /** How much of the evidence counts, >= 0 and 1 where absent. 0 changes nothing but the uncertainty every match adds. */
  readonly matchImportance?: number;
}

/** The ratings after a match, in the shape and order of {@link MatchInput.teams}. */
export interface RatedMatch {
  readonly teams: Rating[][];
}

/** Probabilities of how a match will end; `win` and `draw` add up to 1. */
export interface Prediction {
  /** One per team: that it is alone in front. */
  readonly win: number[];
  /** That nobody is alone in front; with two teams a draw. */
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
  /**
   * The rating after `days` without a match: the uncertainty grows, up to that of a new player. Callers pass aged ratings to
   * {@link rate} and {@link predict}; `days` >= 0, fractions allowed.
   */
  aged(rating: Rating, days: number): Rating;
  /** The ratings after a match. Inputs stay as they are. */
  rate(match: MatchInput): RatedMatch;
  /** The same arithmetic on arrays, for whole histories; absent where a model has none. Each call gives one with scratch memory of its own. */
  kernel?(): RatingKernel;
  /** Who will win a match between these teams. */
  predict(teams: readonly (readonly Rating[])[], circumstances?: Circumstances): Prediction;
  /**
   * `[team][place]`: the probability that the team finishes at that place, 0 the best. Rows and columns add up to 1;
   * tied teams share their places evenly.
   */
  rankProbabilities(teams: readonly (readonly Rating[])[], circumstances?: Circumstances): number[][];
  /** How close a match will be, 0 to 1: 1 when all skills are known exactly and the teams are equally strong. */
  quality(teams: readonly (readonly Rating[])[], circumstances?: Circumstances): number;
  /** `mu - 3 sigma`: the skill that the player almost surely has, in units of `mu`. Leaderboards sort by it. */
  ordinal(rating: Rating): number;
  /** {@link ordinal} in display points, where a new player stands at 1500. Not rounded. */
  displayRating(rating: Rating): number;
}
