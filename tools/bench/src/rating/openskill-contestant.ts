import { predictWin, rate, rating, type Model, type Options, type Rating } from 'openskill';
import {
  bradleyTerryFull,
  bradleyTerryPart,
  plackettLuce,
  thurstoneMostellerFull,
  thurstoneMostellerPart,
} from 'openskill/models';
import type { TunableContestant } from './contestant.js';

const MODELS: readonly [name: string, model: Model][] = [
  ['Plackett-Luce', plackettLuce],
  ['Bradley-Terry full', bradleyTerryFull],
  ['Bradley-Terry part', bradleyTerryPart],
  ['Thurstone-Mosteller full', thurstoneMostellerFull],
  ['Thurstone-Mosteller part', thurstoneMostellerPart],
];

/** The models of openskill, rated with `rate` and predicted with `predictWin`. */
export const OPENSKILL: readonly TunableContestant[] = MODELS.map(([name, model]) =>
  contestant(`openskill ${name}`, name, model, false),
);

/** The same, told the scores instead of the ranks: differences beyond `margin` move ratings further. */
export const OPENSKILL_WITH_SCORES: readonly TunableContestant[] = MODELS.map(([name, model]) =>
  contestant(`openskill ${name}, scores`, name, model, true),
);

function contestant(name: string, modelName: string, model: Model, withScores: boolean): TunableContestant {
  return {
    name,
    // `sigma` sets the scale. `epsilon` is the draw margin, which only Thurstone-Mosteller reads.
    defaults: {
      mu: 25,
      beta: 25 / 6,
      tau: 25 / 300,
      ...(modelName.startsWith('Thurstone') && { epsilon: 0.1 }),
      ...(withScores && { margin: 1 }),
    },
    with: (parameters) => ({
      name,
      accepts: ({ scores }) => !withScores || scores !== undefined,
      start() {
        const options: Options = { ...parameters, model };
        const known = new Map<string, Rating>();
        const ratingOf = (player: string) => known.get(player) ?? rating(undefined, options);
        const ratingsOf = (team: readonly string[] = []) => team.map(ratingOf);
        return {
          predict: ({ teams }, first, second) =>
            predictWin([ratingsOf(teams[first]), ratingsOf(teams[second])], options)[0] ?? NaN,
          rate({ teams, ranks, scores }) {
            const outcome = withScores && scores ? { score: [...scores] } : { rank: [...ranks] };
            const rated = rate(teams.map(ratingsOf), { ...options, ...outcome });
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
}
