import { Glicko2 } from 'glicko2';
import type { TunableContestant } from './contestant.js';

interface Standing {
  readonly rating: number;
  readonly rd: number;
  readonly vol: number;
}

/**
 * glicko2, every match a rating period of its own for those who play it: an instance with these players alone, as its
 * documentation advises for many players. Free-for-alls go through its `makeRace`.
 */
export const GLICKO2: TunableContestant = {
  name: 'glicko2 per match',
  // The default rating sets the origin.
  defaults: { rd: 350, vol: 0.06, tau: 0.5 },
  with: (settings) => ({
    name: 'glicko2 per match',
    accepts: ({ teams }) => teams.every((team) => team.length === 1),
    start() {
      const known = new Map<string, Standing>();
      const standing = (name: string): Standing | undefined => known.get(name);
      const playersOf = (teams: readonly (readonly string[])[]) => {
        const ranking = new Glicko2(settings);
        const players = teams.map(([name = '']) => {
          const now = standing(name);
          return { name, player: ranking.makePlayer(now?.rating, now?.rd, now?.vol) };
        });
        return { ranking, players };
      };
      return {
        predict({ teams }, first, second) {
          const { players } = playersOf([teams[first] ?? [], teams[second] ?? []]);
          const [a, b] = players;
          return a && b ? a.player.predict(b.player) : NaN;
        },
        rate({ teams, ranks }) {
          const { ranking, players } = playersOf(teams);
          const places = [...new Set(ranks)].sort((a, b) => a - b);
          const [a, b] = players;
          if (players.length === 2 && a && b) {
            const [first = NaN, second = NaN] = ranks;
            ranking.updateRatings([[a.player, b.player, first < second ? 1 : first > second ? 0 : 0.5]]);
          } else {
            const race = places.map((place) =>
              players.flatMap(({ player }, i) => (ranks[i] === place ? [player] : [])),
            );
            ranking.updateRatings(ranking.makeRace(race));
          }
          for (const { name, player } of players) {
            known.set(name, { rating: player.getRating(), rd: player.getRd(), vol: player.getVol() });
          }
        },
      };
    },
  }),
};
