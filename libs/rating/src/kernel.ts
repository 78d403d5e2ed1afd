/**
 * One match laid out flat, for rating in bulk: the players of team 0, then those of team 1, and so on. The arrays are reused from
 * match to match and may be longer than what counts.
 */
export interface FlatMatch {
  /** How many teams, and players in all teams together. */
  teams: number;
  players: number;
  /** Per team: the index past its last player. */
  teamEnds: Int32Array;
  /** Per player: the rating, changed in place. `volatility` only counts for models that have one. */
  mu: Float64Array;
  sigma: Float64Array;
  volatility: Float64Array;
  /** Per player: days since his last match, 0 for a new one. */
  days: Float64Array;
  /** Per team: lower is better, equal is a tie. */
  ranks: Float64Array;
  hasScores: boolean;
  /** Per team, where `hasScores`. */
  scores: Float64Array;
  /** The team with the advantage, -1 for nobody. */
  host: number;
  hasPlayFraction: boolean;
  /** Per player, where `hasPlayFraction`. */
  playFraction: Float64Array;
  importance: number;
}

/**
 * The array-backed twin of a model's `aged`, `rate`, `predict` and `quality`: the same bits without an object per player. The input
 * was validated when it was stored. A kernel may keep scratch memory of its own, so each replay takes a new one.
 */
export interface RatingKernel {
  /** Ages every player's rating by his `days`. */
  age(match: FlatMatch): void;
  /** Replaces the ratings, aged already, by those after the match. */
  rate(match: FlatMatch): void;
  /** Writes each team's probability of winning to `win` and returns that of a draw; the ratings stay. */
  predict(match: FlatMatch, win: Float64Array): number;
  /** How close the match will be, 0 to 1; the ratings stay. */
  quality(match: FlatMatch): number;
}
