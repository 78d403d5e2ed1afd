import type { Rating } from '../rating.js';
import { requireFinite } from '../validation.js';
import type { Glicko2Parameters } from './parameters.js';
import { addGame, endPeriod, toDeviation, toStrength, type Evidence } from './player-update.js';
import { requireGlicko2Rating } from './requirements.js';

/** One game of a player in a rating period. */
export interface Glicko2Game {
  /** The opponent as he was before the period. */
  readonly opponent: Rating;
  /** 1 for a win, 0.5 for a draw, 0 for a loss; anything between for a match of several games. */
  readonly score: number;
  /** Who played at home; absent: nobody. */
  readonly host?: 'player' | 'opponent';
}

/** One game of a rating period between two of its players. */
export interface PeriodGame {
  readonly players: readonly [string, string];
  /** What the first of them scored, 0 to 1. */
  readonly score: number;
  /** Which of them played at home; absent: nobody. */
  readonly host?: 0 | 1;
}

function requireScore(score: number, path: string): void {
  const value = requireFinite(score, path);
  if (value < 0 || value > 1) throw new RangeError(`${path}: must be from 0 to 1, got ${value}`);
}

/** A player's rating after a period with these games (Glickman 2013); without games only the deviation grows. */
export function ratePlayer(
  rating: Rating,
  games: readonly Glicko2Game[],
  parameters: Glicko2Parameters,
): Rating {
  requireGlicko2Rating(rating, 'rating');
  const evidence: Evidence = { score: 0, information: 0 };
  games.forEach(({ opponent, score, host }, i) => {
    requireGlicko2Rating(opponent, `games[${i}].opponent`);
    requireScore(score, `games[${i}].score`);
    if (host !== undefined && host !== 'player' && host !== 'opponent') {
      throw new RangeError(`games[${i}].host: must be "player" or "opponent", got ${JSON.stringify(host)}`);
    }
    addOpponent(
      evidence,
      rating,
      opponent,
      score,
      host === undefined ? 0 : host === 'player' ? 1 : -1,
      parameters,
    );
  });
  return afterPeriod(rating, evidence, parameters);
}

/**
 * All ratings after a period. Every opponent counts as he was before the period, so the order of the games makes no
 * difference; players without a game become less certain.
 */
export function ratePeriod(
  players: ReadonlyMap<string, Rating>,
  games: readonly PeriodGame[],
  parameters: Glicko2Parameters,
): Map<string, Rating> {
  const evidence = new Map<string, Evidence>();
  for (const [id, rating] of players) {
    requireGlicko2Rating(rating, `players.get(${JSON.stringify(id)})`);
    evidence.set(id, { score: 0, information: 0 });
  }
  games.forEach(({ players: [first, second], score, host }, i) => {
    const [a, b] = [players.get(first), players.get(second)];
    const [of, against] = [evidence.get(first), evidence.get(second)];
    if (!a || !of)
      throw new RangeError(`games[${i}].players[0]: ${JSON.stringify(first)} is not among the players`);
    if (!b || !against) {
      throw new RangeError(`games[${i}].players[1]: ${JSON.stringify(second)} is not among the players`);
    }
    if (first === second) throw new RangeError(`games[${i}].players: ${JSON.stringify(first)} plays himself`);
    requireScore(score, `games[${i}].score`);
    if (host !== undefined && host !== 0 && host !== 1) {
      throw new RangeError(`games[${i}].host: must be 0 or 1, got ${JSON.stringify(host)}`);
    }
    const side = host === undefined ? 0 : host === 0 ? 1 : -1;
    addOpponent(of, a, b, score, side, parameters);
    addOpponent(against, b, a, 1 - score, -side, parameters);
  });
  const result = new Map<string, Rating>();
  for (const [id, rating] of players) {
    result.set(id, afterPeriod(rating, evidence.get(id) as Evidence, parameters));
  }
  return result;
}

function addOpponent(
  evidence: Evidence,
  rating: Rating,
  opponent: Rating,
  score: number,
  side: number,
  { hostAdvantage }: Glicko2Parameters,
): void {
  const difference = toStrength(rating.mu) - toStrength(opponent.mu) + side * toStrength(hostAdvantage);
  const deviation = toDeviation(opponent.sigma);
  addGame(evidence, difference, deviation * deviation, score, 1, 1);
}

function afterPeriod(rating: Rating, evidence: Evidence, parameters: Glicko2Parameters): Rating {
  const { mu, sigma, volatility = parameters.volatility } = rating;
  const player = { mu, sigma, volatility };
  endPeriod(player, evidence, parameters.tau, parameters.sigma);
  return player;
}
