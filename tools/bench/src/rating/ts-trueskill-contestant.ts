import { Rating, TrueSkill } from 'ts-trueskill';
import type { TunableContestant } from './contestant.js';

/** ts-trueskill, rated with an environment's `rate` and predicted with its `winProbability`. */
export const TS_TRUESKILL: TunableContestant = {
  name: 'ts-trueskill',
  // `sigma` sets the scale.
  defaults: { mu: 25, beta: 25 / 6, tau: 25 / 300, drawProbability: 0.1 },
  with: ({ mu, beta, tau, drawProbability }) => ({
    name: 'ts-trueskill',
    accepts: () => true,
    start() {
      const environment = new TrueSkill(mu, undefined, beta, tau, drawProbability);
      const known = new Map<string, Rating>();
      const ratingOf = (player: string) => known.get(player) ?? environment.createRating();
      const ratingsOf = (team: readonly string[] = []) => team.map(ratingOf);
      return {
        predict: ({ teams }, first, second) =>
          environment.winProbability(ratingsOf(teams[first]), ratingsOf(teams[second])),
        rate({ teams, ranks }) {
          const rated: Rating[][] = environment.rate(teams.map(ratingsOf), [...ranks]);
          for (const [i, team] of teams.entries()) {
            for (const [j, player] of team.entries()) {
              const after = rated[i]?.[j];
              if (after) known.set(player, after);
            }
          }
        },
      };
    },
  }),
};
