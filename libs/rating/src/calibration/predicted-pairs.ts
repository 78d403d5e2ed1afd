import { emptyFlatMatch, loadMatch } from '../history/flat-matches.js';
import type { HistoryColumns } from '../history/match-history.js';
import { newRun, rateMatches } from '../history/rate-matches.js';
import type { RatingTable } from '../history/rating-table.js';
import type { FlatMatch, RatingKernel } from '../kernel.js';

/** Which matches of a history are predicted. All before `to` are rated. */
export interface PredictedPart {
  /** Position of the first match that is predicted. */
  readonly from: number;
  /** Position after the last. */
  readonly to: number;
  /** A match is predicted once all its players have this many behind them. */
  readonly minGames: number;
}

/**
 * What becomes of the prediction for one pair of teams: the probabilities that the first beats the second, the second the
 * first, that neither does; and what happened: below 0 the first was better, above 0 the second, 0 a tie.
 */
export type PairVisitor = (first: number, second: number, draw: number, outcome: number) => void;

export interface Predicted {
  readonly matches: number;
  /** Results that are independent of each other: a ranking of n teams counts as n - 1, however many pairs it has. */
  readonly results: number;
}

/**
 * Goes through a history, predicting each match before it is rated: the two teams of a match, or every pair of teams of a
 * match of more. Predictions know who plays and who is at home, not who will leave early.
 *
 * @returns what was predicted
 */
export function predictPairs(
  columns: HistoryColumns,
  kernel: RatingKernel,
  table: RatingTable,
  part: PredictedPart,
  visit: PairVisitor,
): Predicted {
  const run = newRun(columns, kernel, table);
  const { players, times } = columns;
  const { flat } = run;
  const pair = emptyFlatMatch(2, Math.max(2, columns.mostPlayers));
  const win = new Float64Array(Math.max(2, columns.mostTeams));
  rateMatches(run, 0, part.from);
  let matches = 0;
  let results = 0;
  for (let index = part.from; index < part.to; index++) {
    const first = loadMatch(columns, index, flat);
    const at = times[index] as number;
    table.load(players, first, at, flat);
    kernel.age(flat);
    if (part.minGames === 0 || fewestGames(table, players, first, flat.players) >= part.minGames) {
      matches++;
      results += flat.teams - 1;
      const { hasPlayFraction } = flat;
      flat.hasPlayFraction = false;
      for (let i = 0; i < flat.teams - 1; i++) {
        for (let j = i + 1; j < flat.teams; j++) {
          const shown = flat.teams === 2 ? flat : pairOf(flat, i, j, pair);
          const draw = kernel.predict(shown, win);
          visit(
            win[0] as number,
            win[1] as number,
            draw,
            (flat.ranks[i] as number) - (flat.ranks[j] as number),
          );
        }
      }
      flat.hasPlayFraction = hasPlayFraction;
    }
    kernel.rate(flat);
    table.store(players, first, at, flat);
  }
  return { matches, results };
}

function fewestGames(table: RatingTable, players: Int32Array, first: number, count: number): number {
  let fewest = Infinity;
  for (let i = 0; i < count; i++) {
    const games = table.games(players[first + i] as number);
    if (games < fewest) fewest = games;
  }
  return fewest;
}

/** A match of two of the teams, as far as a prediction needs it. */
function pairOf(match: FlatMatch, i: number, j: number, pair: FlatMatch): FlatMatch {
  pair.teams = 2;
  pair.teamEnds[0] = copyTeam(match, i, pair, 0);
  pair.teamEnds[1] = copyTeam(match, j, pair, pair.teamEnds[0]);
  pair.players = pair.teamEnds[1];
  pair.host = match.host === i ? 0 : match.host === j ? 1 : -1;
  return pair;
}

function copyTeam(match: FlatMatch, team: number, pair: FlatMatch, start: number): number {
  const end = match.teamEnds[team] as number;
  let target = start;
  for (let i = team === 0 ? 0 : (match.teamEnds[team - 1] as number); i < end; i++, target++) {
    pair.mu[target] = match.mu[i] as number;
    pair.sigma[target] = match.sigma[i] as number;
    pair.volatility[target] = match.volatility[i] as number;
  }
  return target;
}
