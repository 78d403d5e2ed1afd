import type { RecordedMatch } from './recorded-match.js';

/** A way of rating, with its parameters, that can be judged on a history. */
export interface Contestant {
  /** The package and, where it has several, the model. */
  readonly name: string;
  /** Whether it can rate matches like this one at all. */
  accepts(match: RecordedMatch): boolean;
  /** A fresh run through a history: no player is known yet. */
  start(): Run;
}

/** One run through a history, in the order of its matches. Every match is predicted, then rated. */
export interface Run {
  /**
   * For two teams of a match that is about to be played, the probability that `first` finishes before `second`, given that
   * the two do not tie.
   */
  predict(match: RecordedMatch, first: number, second: number): number;
  rate(match: RecordedMatch): void;
}

/** A contestant whose parameters can be tuned. */
export interface TunableContestant {
  readonly name: string;
  /** The parameters that a search may change, with the values that they have by default. */
  readonly defaults: Readonly<Record<string, number>>;
  with(parameters: Readonly<Record<string, number>>): Contestant;
}
