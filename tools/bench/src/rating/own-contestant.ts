import type { Rating, RatingModel } from '@ranked/rating';
import type { Contestant } from './contestant.js';
import type { RecordedMatch } from './recorded-match.js';

/** What of a recorded match a model is told besides teams, ranks and the days between matches. */
export interface Evidence {
  readonly scores?: boolean;
  readonly host?: boolean;
}

const DAY = 86_400_000;

/** A model of `@ranked/rating`, through its API for single matches. */
export function ownContestant(name: string, model: RatingModel, evidence: Evidence = {}): Contestant {
  return {
    name,
    accepts: ({ teams }) => model.name !== 'glicko2' || teams.every((team) => team.length === 1),
    start() {
      const known = new Map<string, { rating: Rating; at: number }>();
      const ratingsOf = (match: RecordedMatch, team: number) =>
        (match.teams[team] ?? []).map((player) => {
          const last = known.get(player);
          return last ? model.aged(last.rating, (match.at - last.at) / DAY) : model.initial();
        });
      return {
        predict(match, first, second) {
          const host = evidence.host ? [first, second].indexOf(match.host ?? -1) : -1;
          const teams = [ratingsOf(match, first), ratingsOf(match, second)];
          const { win } = model.predict(teams, host < 0 ? {} : { host });
          const [wins = NaN, losses = NaN] = win;
          return wins / (wins + losses);
        },
        rate(match) {
          const { teams: rated } = model.rate({
            teams: match.teams.map((_, team) => ratingsOf(match, team)),
            ranks: match.ranks,
            ...(evidence.scores && match.scores && { scores: match.scores }),
            ...(evidence.host && match.host !== undefined && { host: match.host }),
          });
          for (const [i, team] of match.teams.entries()) {
            for (const [j, player] of team.entries()) {
              const rating = rated[i]?.[j];
              if (rating) known.set(player, { rating, at: match.at });
            }
          }
        },
      };
    },
  };
}
