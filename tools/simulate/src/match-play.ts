import type { Circumstances, Rating, RatingModel } from '@ranked/rating';
import type { SimulatedPlayer } from './population.js';
import type { RandomStream } from './random-stream.js';

/** Hidden strengths are known exactly by nobody; to the model they are ratings almost without doubt. */
const ALMOST_CERTAIN = 1e-6;
const POINTS_PER_DEVIATION = 200;

/** How a queue's matches are rated. */
export interface RatingRules {
  readonly model: RatingModel;
  readonly host?: number;
  readonly matchImportance?: number;
}

type Teams = readonly (readonly SimulatedPlayer[])[];

/** The true chance of the team most likely to win, by the hidden strengths; half of a draw between two counts for each. */
export function favouritesChance({ model, host }: RatingRules, teams: Teams): number {
  const { win, draw } = model.predict(hidden(model, teams), host === undefined ? {} : { host });
  return Math.max(...win) + (teams.length === 2 ? draw / 2 : 0);
}

/**
 * Plays a match by hidden strengths and gives everybody the rating that the result makes of his. `playFraction`: per player the
 * share of the match he stays for.
 */
export function playMatch(
  { model, host, matchImportance }: RatingRules,
  teams: Teams,
  playFraction: readonly (readonly number[])[],
  random: RandomStream,
): void {
  const complete = playFraction.every((team) => team.every((fraction) => fraction === 1));
  const circumstances: Circumstances = {
    ...(host !== undefined && { host }),
    ...(!complete && { playFraction }),
  };
  const ranks =
    teams.length === 2
      ? ranksOfTwo(model, teams, circumstances, random)
      : ranksOfMany(model, teams, playFraction, random);
  const rated = model.rate({
    teams: teams.map((team) => team.map(({ rating }) => rating)),
    ranks,
    ...circumstances,
    ...(matchImportance !== undefined && { matchImportance }),
  });
  teams.forEach((team, i) => {
    const opponents = teams.flatMap((other) => (other === team ? [] : other.map(({ id }) => id)));
    team.forEach((player, j) => {
      player.rating = rated.teams[i]![j]!;
      player.lastOpponents = opponents;
    });
  });
}

function hidden(model: RatingModel, teams: Teams): Rating[][] {
  const sigma = model.initial().sigma * ALMOST_CERTAIN;
  return teams.map((team) => team.map(({ strength }) => ({ mu: strength, sigma })));
}

/** Draws from the model's own prediction, so that draws, the host and early leavers weigh what the model says they do. */
function ranksOfTwo(
  model: RatingModel,
  teams: Teams,
  circumstances: Circumstances,
  random: RandomStream,
): number[] {
  const { win } = model.predict(hidden(model, teams), circumstances);
  const luck = random.next();
  if (luck < win[0]!) return [0, 1];
  return luck < win[0]! + win[1]! ? [1, 0] : [0, 0];
}

/** The teams in the order of their performances, each player's drawn around his strength. */
function ranksOfMany(
  model: RatingModel,
  teams: Teams,
  playFraction: readonly (readonly number[])[],
  random: RandomStream,
): number[] {
  const deviation = POINTS_PER_DEVIATION / model.pointsPerUnit;
  const performances = teams.map((team, i) =>
    team.reduce((sum, { strength }, j) => sum + playFraction[i]![j]! * random.normal(strength, deviation), 0),
  );
  return performances.map((own) => performances.filter((other) => other > own).length);
}
