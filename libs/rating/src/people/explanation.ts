import type { MatchInput, RatedMatch, Rating, RatingModel } from '../rating.js';
import { requireMatch, requireModel, requireTeams } from '../validation.js';
import { changeText } from './explanation-text.js';

/** A number before and after. */
export interface Change {
  readonly before: number;
  readonly after: number;
  /** `after - before`. */
  readonly change: number;
}

/** A change of the displayed rating, and what it is made of: `result + certainty = change`. */
export interface DisplayChange extends Change {
  /** What the result did: the mean moved, the uncertainty left as it was. */
  readonly result: number;
  /** What the change of the uncertainty did: mostly a rise, since every match makes a rating more certain. */
  readonly certainty: number;
}

/** What a match did to one player. */
export interface PlayerChange {
  readonly mu: Change;
  readonly sigma: Change;
  /** In display points, not rounded. */
  readonly display: DisplayChange;
  /** The same as whole numbers, which add up as well. */
  readonly points: DisplayChange;
  /** The change in two English sentences, said to the player. */
  readonly text: string;
}

/** Why a match changed ratings the way it did. */
export interface Explanation {
  /** What the model thought before. */
  readonly expected: {
    /** Per team: the probability that it alone comes first. */
    readonly win: readonly number[];
    /** That nobody alone comes first; with two teams a draw. */
    readonly draw: number;
    /** Per team: the mean of its place, 1 the best. */
    readonly places: readonly number[];
  };
  /** What came of it. */
  readonly happened: {
    /** Per team: its place, 1 the best; tied teams share the mean of their places. */
    readonly places: readonly number[];
    /** The team that alone came first; null if there is none. */
    readonly winner: number | null;
  };
  /** In the shape and order of the teams. */
  readonly players: readonly (readonly PlayerChange[])[];
}

/** What an explanation may take into account besides. */
export interface ExplanationOptions {
  /**
   * The ratings as they stood after the players' last matches, where `match` holds them aged by the days since: changes then
   * count from these, and what the days did is part of `certainty`.
   */
  readonly previous?: readonly (readonly Rating[])[];
}

/**
 * Explains a change of ratings, whatever the model and however many teams.
 *
 * @param match as it was given to `model.rate`
 * @param rated what `model.rate` gave
 * @throws TypeError or RangeError for a match that cannot be rated, or ratings that do not fit it
 */
export function explain(
  model: RatingModel,
  match: MatchInput,
  rated: RatedMatch,
  options: ExplanationOptions = {},
): Explanation {
  requireModel(model);
  requireMatch(match);
  const { teams, ranks, host } = match;
  const previous = options.previous ?? teams;
  requireShape(rated.teams, teams, 'rated.teams');
  requireShape(previous, teams, 'options.previous');
  // Who left early was not known before: the expectation is that everybody plays.
  const circumstances = host === undefined ? {} : { host };
  const { win, draw } = model.predict(teams, circumstances);
  const expectedPlaces = model
    .rankProbabilities(teams, circumstances)
    .map((places) => places.reduce((mean, p, place) => mean + p * (place + 1), 0));
  const places = placesOf(ranks);
  const first = ranks.indexOf(Math.min(...ranks));
  const winner = places[first] === 1 ? first : null;
  return {
    expected: { win, draw, places: expectedPlaces },
    happened: { places, winner },
    players: teams.map((team, t) =>
      team.map((aged, p) => {
        const before = previous[t]?.[p] as Rating;
        const after = rated.teams[t]?.[p] as Rating;
        const display = displayChange(model, before, aged, after);
        const points = wholePoints(display);
        return {
          mu: changeOf(before.mu, after.mu),
          sigma: changeOf(before.sigma, after.sigma),
          display,
          points,
          text: changeText({
            teams: teams.length,
            size: team.length,
            win: win[t] as number,
            expectedPlace: expectedPlaces[t] as number,
            place: 1 + ranks.filter((rank) => rank < (ranks[t] as number)).length,
            tied: ranks.filter((rank) => rank === ranks[t]).length > 1,
            points,
            playFraction: match.playFraction?.[t]?.[p] ?? 1,
            counted: match.matchImportance !== 0,
          }),
        };
      }),
    ),
  };
}

function requireShape(
  given: readonly (readonly Rating[])[],
  teams: readonly (readonly Rating[])[],
  path: string,
): void {
  requireTeams(given, path);
  if (given.length !== teams.length || given.some((team, t) => team.length !== teams[t]?.length)) {
    throw new RangeError(`${path}: must have the teams and players of the match`);
  }
}

function placesOf(ranks: readonly number[]): number[] {
  return ranks.map((own) => {
    const better = ranks.filter((rank) => rank < own).length;
    const equal = ranks.filter((rank) => rank === own).length;
    return 1 + better + (equal - 1) / 2;
  });
}

function changeOf(before: number, after: number): Change {
  return { before, after, change: after - before };
}

function displayChange(model: RatingModel, previous: Rating, aged: Rating, after: Rating): DisplayChange {
  const change = changeOf(model.displayRating(previous), model.displayRating(after));
  // The same uncertainty on both sides: what differs is the mean.
  const result = model.displayRating({ ...aged, mu: after.mu }) - model.displayRating(aged);
  return { ...change, result, certainty: change.change - result };
}

/** Before, after and the result rounded; the rest is what makes them add up, as people who check it will find. */
function wholePoints(display: DisplayChange): DisplayChange {
  const change = changeOf(Math.round(display.before), Math.round(display.after));
  // Adding 0 turns -0 into 0.
  const result = Math.round(display.result) + 0;
  return { ...change, result, certainty: change.change - result };
}
