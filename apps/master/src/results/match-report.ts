import type { MatchReport } from '@ranked/protocol';
import { isProvisional, type Explanation, type PlayerChange, type RatingModel } from '@ranked/rating';
import type { Match, MatchPlayer } from '@ranked/store';
import { teamsOf } from '../matchmaking/allow-message.js';
import { storedRating } from '../rating/stored-rating.js';
import { outcomeOf } from './outcome.js';

/** By what the ratings of a match are told. */
export interface ReportRules {
  /** The model that it was rated by. */
  model: RatingModel;
  /** See `StandingRules`. */
  provisionalShare: number;
  /** Of `explainMatch`; undefined for a match that is not explained. */
  explanation: Explanation | undefined;
}

/** What one player is told of a match that ended: finished and rated, or abandoned (`void`). */
export function matchReport(match: Match, player: MatchPlayer, rules: ReportRules): MatchReport {
  const teams = teamsOf(match);
  const ranks = teams.map((team) => team[0]?.rank ?? 0);
  const rated = match.state === 'finished';
  const { explanation } = rules;
  const changeOf = (member: MatchPlayer): PlayerChange | undefined =>
    explanation?.players[member.team]?.[teams[member.team]?.indexOf(member) ?? -1];
  const own = rated ? ratingOf(player, changeOf(player), rules) : undefined;
  return {
    matchId: match.id,
    queue: match.queue,
    team: player.team,
    outcome: rated ? outcomeOf(player.rank ?? 0, ranks) : 'void',
    teams: teams.map((team, index) => {
      const score = team[0]?.score ?? undefined;
      return {
        rank: ranks[index] ?? 0,
        ...(score !== undefined && { score }),
        players: team.map((member) => {
          const points = rated ? pointsOf(member, rules.model) : undefined;
          return {
            name: member.name,
            ...(points && { ratingBefore: points.before, ratingAfter: points.after }),
          };
        }),
      };
    }),
    ...(own && { rating: own }),
    ...(explanation && { expected: expectedOf(explanation) }),
  };
}

/** The displayed rating before and after; undefined where the match does not count. */
function pointsOf(
  player: MatchPlayer,
  model: RatingModel,
): { before: number; after: number; mu: number; sigma: number } | undefined {
  const { muBefore, sigmaBefore, muAfter, sigmaAfter } = player;
  if (muBefore === null || sigmaBefore === null || muAfter === null || sigmaAfter === null) return undefined;
  return {
    before: model.displayRating(storedRating(muBefore, sigmaBefore, player.volatilityBefore)),
    after: model.displayRating(storedRating(muAfter, sigmaAfter, player.volatilityAfter)),
    mu: muAfter,
    sigma: sigmaAfter,
  };
}

function ratingOf(
  player: MatchPlayer,
  change: PlayerChange | undefined,
  { model, provisionalShare }: ReportRules,
): MatchReport['rating'] {
  const points = pointsOf(player, model);
  if (!points) return undefined;
  const { mu, sigma } = points;
  const { tierBefore, tierAfter } = player;
  return {
    ...points,
    provisional: isProvisional(model, { mu, sigma }, provisionalShare),
    ...(tierAfter !== null && { tier: tierAfter }),
    ...(tierBefore !== null && { tierBefore }),
    ...(change && {
      result: change.display.result,
      certainty: change.display.certainty,
      explanation: change.text,
    }),
  };
}

function expectedOf({ expected: { win, draw, places } }: Explanation): NonNullable<MatchReport['expected']> {
  return {
    win: win.map(probability),
    draw: probability(draw),
    // Rounding of a long sum may leave the range by a hair.
    places: places.map((place) => round(Math.min(Math.max(place, 1), places.length))),
  };
}

function probability(p: number): number {
  return round(Math.min(Math.max(p, 0), 1));
}

/** Four digits say all that can be read, and a report of hundreds of teams stays short. */
function round(x: number): number {
  return Math.round(x * 1e4) / 1e4;
}
