import type { Circumstances } from '../rating.js';

/** A finished match as a history stores it: players by id. Everything but `id`, `at` and `teams` is as in `MatchInput`. */
export interface HistoryMatch extends Circumstances {
  /** By which the match can be taken out again; unique within the history. */
  readonly id?: string;
  /** When it was played, in milliseconds since 1970 (any origin will do). Never before the match that precedes it. */
  readonly at: number;
  /** Two or more teams of one or more player ids each; nobody plays twice. */
  readonly teams: readonly (readonly string[])[];
  /** One per team: the lower the better, equal ranks are a tie. */
  readonly ranks: readonly number[];
  /** One per team, in units won; must not contradict the ranks. */
  readonly scores?: readonly number[];
  /** How much of the evidence counts, >= 0 and 1 where absent. */
  readonly matchImportance?: number;
}
