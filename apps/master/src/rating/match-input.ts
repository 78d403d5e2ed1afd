import type { MatchInput, Rating, RatingModel } from '@ranked/rating';

const MS_PER_DAY = 86_400_000;

/** What of a match's rules its rating follows, besides the model. */
export interface RatingCircumstances {
  /** Index of the team that has the better side; absent: none. A match without such a team was played on even terms. */
  host?: number;
  /** How much the evidence of the match counts; absent: 1. */
  matchImportance?: number;
}

/** A team's result. */
export interface TeamResult {
  /** 0 is the best; equal ranks are a tie. */
  rank: number;
  score?: number | null;
}

/** A player of a match as his rating goes into it. */
export interface RatedSeat {
  /** Index of his team; teams are numbered from 0 without gaps. */
  team: number;
  /** His rating as the match before left it, or a new player's. */
  before: Rating;
  /** Time since that match, ms; null if there was none. */
  idleMs: number | null;
  playFraction?: number | null;
}

/**
 * A match as its model rates it: the same whether it was just played, is explained afterwards or is rated again.
 * Ratings are aged by the time since the players' matches before.
 */
export function matchInput(
  model: RatingModel,
  { host, matchImportance }: RatingCircumstances,
  results: readonly TeamResult[],
  seats: readonly RatedSeat[],
): MatchInput {
  const teams = byTeam(seats, results.length);
  const scores = ratedScores(model, results);
  const playFraction = teams.map((team) => team.map((seat) => seat.playFraction ?? 1));
  return {
    teams: teams.map((team) => team.map(({ before, idleMs }) => aged(model, before, idleMs))),
    ranks: results.map(({ rank }) => rank),
    ...(scores && { scores }),
    ...hostOf(host, teams.length),
    ...(playFraction.flat().some((fraction) => fraction !== 1) && { playFraction }),
    ...(matchImportance !== undefined && { matchImportance }),
  };
}

/** The team with the better side, where the match has it: a queue may have had fewer teams before. */
export function hostOf(host: number | undefined, teams: number): { host?: number } {
  return host !== undefined && host < teams ? { host } : {};
}

/** The seats of each team, in the order in which they are given. */
export function byTeam<Seat extends { team: number }>(seats: readonly Seat[], teams: number): Seat[][] {
  return Array.from({ length: teams }, (_, team) => seats.filter((seat) => seat.team === team));
}

/**
 * The scores of a match, if they can be rated: every team has one, and none contradicts the ranks, as it does when a team
 * gave up while it was ahead. Such a match is rated by its ranks alone.
 */
export function usableScores(results: readonly TeamResult[]): number[] | undefined {
  const scores = results.flatMap(({ score }) => (typeof score === 'number' ? [score] : []));
  if (scores.length !== results.length) return undefined;
  const contradicts = results.some(({ rank }, a) =>
    results.some((other, b) => {
      const [mine, theirs] = [scores[a] as number, scores[b] as number];
      return rank === other.rank ? mine !== theirs : rank < other.rank && mine < theirs;
    }),
  );
  return contradicts ? undefined : scores;
}

/** Scores go to a model that makes something of them: its `scoreWorth` is above 0. */
function ratedScores(model: RatingModel, results: readonly TeamResult[]): number[] | undefined {
  const { scoreWorth } = model.parameters as { scoreWorth?: unknown };
  return typeof scoreWorth === 'number' && scoreWorth > 0 ? usableScores(results) : undefined;
}

function aged(model: RatingModel, rating: Rating, idleMs: number | null): Rating {
  return idleMs === null ? rating : model.aged(rating, idleMs / MS_PER_DAY);
}
