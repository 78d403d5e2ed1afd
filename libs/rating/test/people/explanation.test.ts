import fc from 'fast-check';
import { displayScale, explain, ratingModel, type MatchInput, type RatingModel } from '../../src/index.js';
import { ALL_MODELS } from './all-models.js';

const model = ratingModel({ model: 'gaussian' });

function explained(match: MatchInput, by: RatingModel = model) {
  return explain(by, match, by.rate(match));
}

describe('an explanation', () => {
  const anna = model.initial();
  const ben = { mu: 29, sigma: 2 };

  it('says what was expected and what happened', () => {
    const match = { teams: [[anna], [ben]], ranks: [1, 0] };
    const { expected, happened } = explained(match);
    expect(expected.win).toEqual(model.predict(match.teams).win);
    expect(expected.draw).toBe(model.predict(match.teams).draw);
    expect((expected.places[0] ?? 0) + (expected.places[1] ?? 0)).toBeCloseTo(3, 9);
    expect(expected.places[0]).toBeGreaterThan(1.5);
    expect(happened).toEqual({ places: [2, 1], winner: 1 });
  });

  it('splits the change: the result costs the loser points, the certainty gives him some', () => {
    const [[loser] = [], [winner] = []] = explained({ teams: [[anna], [ben]], ranks: [1, 0] }).players;
    expect(loser?.display.result).toBeLessThan(0);
    expect(loser?.display.certainty).toBeGreaterThan(0);
    expect(winner?.display.result).toBeGreaterThan(0);
    expect(loser?.mu).toMatchObject({ before: 25 });
    expect(loser?.sigma.change).toBeLessThan(0);
  });

  it.each<[string, Partial<MatchInput> & Pick<MatchInput, 'teams' | 'ranks'>, RegExp]>([
    [
      'a win',
      { teams: [[anna], [anna]], ranks: [0, 1] },
      /^Your chance of winning was 4\d %, and you won\. Your rating went from 1500 to \d+: \+\d+ for the result, \+\d+ because your skill is known better now\.$/,
    ],
    [
      'a loss',
      { teams: [[anna], [anna]], ranks: [1, 0] },
      /^Your chance of winning was 4\d %, and you lost\. .*: −\d+ for the result, \+\d+ because/,
    ],
    ['a draw', { teams: [[anna], [anna]], ranks: [7, 7] }, /, and the match was drawn\. /],
    [
      'a sure thing',
      { teams: [[{ mu: 90, sigma: 1 }], [anna]], ranks: [0, 1] },
      /^Your chance of winning was more than 99 %, and you won\. Your rating went from 4006 to 4001: \+0 for the result, −5 because your skill is known less well now\.$/,
    ],
    [
      'a team',
      { teams: [[anna, ben], [anna]], ranks: [0, 1] },
      /^Your team's chance of winning was \d+ %, and it won\. /,
    ],
    [
      'many teams',
      { teams: [[anna], [ben], [ben]], ranks: [0, 2, 2] },
      /^You were expected at place 2\.\d of 3 and took place 1\. /,
    ],
    [
      'many teams, tied',
      { teams: [[anna, ben], [ben], [ben]], ranks: [1, 1, 0] },
      /^Your team was expected at place \d\.\d of 3 and shared place 2\. /,
    ],
    [
      'somebody who left early',
      { teams: [[anna], [ben]], ranks: [0, 1], playFraction: [[0.4], [1]] },
      / \+\d+ for the result \(you played 40 % of the match\), /,
    ],
    [
      'a match that does not count',
      { teams: [[anna], [ben]], ranks: [0, 1], matchImportance: 0 },
      /: the match did not count/,
    ],
  ])('in words: %s', (_, match, text) => {
    expect(explained(match).players[0]?.[0]?.text).toMatch(text);
  });

  it('counts from the rating before the days between', () => {
    const rested = { mu: 26, sigma: 2 };
    const aged = { mu: 26, sigma: 4 };
    const match = { teams: [[aged], [ben]], ranks: [0, 1] };
    const rated = model.rate(match);
    const [[own] = []] = explain(model, match, rated, { previous: [[rested], [ben]] }).players;
    const [[plain] = []] = explain(model, match, rated).players;
    expect(own?.display.before).toBe(model.displayRating(rested));
    expect(own?.display.after).toBe(plain?.display.after);
    expect(own?.display.result).toBe(plain?.display.result);
    expect(own?.sigma.before).toBe(2);
    expect(own?.display.certainty).toBeLessThan(plain?.display.certainty ?? 0);
  });

  it('knows who had the better side', () => {
    const home = ratingModel({ model: 'gaussian', hostAdvantage: 3 });
    const match = { teams: [[anna], [anna]], ranks: [0, 1], host: 1 };
    const { expected } = explained(match, home);
    expect(expected.win).toEqual(home.predict(match.teams, { host: 1 }).win);
    expect(expected.win[1]).toBeGreaterThan(expected.win[0] ?? 1);
  });

  it('refuses ratings that do not fit the match', () => {
    const match = { teams: [[anna], [ben]], ranks: [0, 1] };
    expect(() => explain(model, match, { teams: [[anna], [ben, ben]] })).toThrow(/^rated\.teams/);
    expect(() => explain(model, match, { teams: [[anna], [ben], [ben]] })).toThrow(/^rated\.teams/);
    expect(() => explain(model, match, model.rate(match), { previous: [[anna]] })).toThrow(
      /^options\.previous/,
    );
    expect(() => explain(model, { ...match, ranks: [0] }, { teams: [[anna], [ben]] })).toThrow(
      /^match\.ranks/,
    );
  });
});

describe.each(ALL_MODELS)('an explanation under $name', (any) => {
  const { mu, sigma } = any.initial();
  const rating = fc.record({
    mu: fc.double({ min: mu - 3 * sigma, max: mu + 3 * sigma, noNaN: true }),
    sigma: fc.double({ min: sigma / 20, max: sigma, noNaN: true }),
  });
  const match: fc.Arbitrary<MatchInput> = fc
    .array(fc.array(rating, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 5 })
    .chain((teams) =>
      fc.record({
        teams: fc.constant(teams.map((team) => team.map((one) => ({ ...any.initial(), ...one })))),
        ranks: fc.array(fc.nat(3), { minLength: teams.length, maxLength: teams.length }),
      }),
    );

  it('adds up: parts to the change, probabilities to one, places to their sum', () => {
    fc.assert(
      fc.property(match, (input) => {
        const rated = any.rate(input);
        const { expected, happened, players } = explain(any, input, rated);
        const n = input.teams.length;
        const sum = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0);
        expect(sum(expected.win) + expected.draw).toBeCloseTo(1, 6);
        expect(sum(expected.places)).toBeCloseTo((n * (n + 1)) / 2, 4);
        expect(sum(happened.places)).toBeCloseTo((n * (n + 1)) / 2, 9);
        input.teams.forEach((team, t) =>
          team.forEach((before, p) => {
            const change = players[t]?.[p];
            const after = rated.teams[t]?.[p];
            if (!change || !after) throw new Error('a player is missing');
            const { display, points } = change;
            expect(display.before).toBe(any.displayRating(before));
            expect(display.after).toBe(any.displayRating(after));
            expect(Math.abs(display.result + display.certainty - display.change)).toBeLessThan(1e-9);
            expect(points.result + points.certainty).toBe(points.change);
            expect(points.before + points.change).toBe(points.after);
            expect(points.after).toBe(Math.round(any.displayRating(after)));
            // A better mean is a gain for the result, and nothing else is.
            const sign = Math.sign(after.mu - before.mu);
            if (Math.abs(display.result) > 1e-6) expect(Math.sign(display.result)).toBe(sign);
            expect(change.text).toMatch(/^You[^.]*(?:\d\.\d[^.]*)?\. Your rating [^.]*\.$/);
            expect(change.text).not.toMatch(/NaN|undefined|Infinity|--|-0/);
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('has a display scale of its own', () => {
    fc.assert(
      fc.property(rating, (one) => {
        const full = { ...any.initial(), ...one };
        expect(displayScale(any).toDisplay(full)).toBeCloseTo(any.displayRating(full), 6);
      }),
    );
    expect(displayScale(any).toDisplay(any.initial())).toBeCloseTo(1500, 9);
  });
});
