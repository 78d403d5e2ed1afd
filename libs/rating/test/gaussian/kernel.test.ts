import fc from 'fast-check';
import { gaussian, type MatchInput, type Rating } from '../../src/index.js';
import type { FlatMatch } from '../../src/kernel.js';

const rating = fc.record({
  mu: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  sigma: fc.double({ min: 0, max: 50, noNaN: true }),
});
const matches: fc.Arbitrary<MatchInput> = fc
  .array(fc.tuple(fc.array(rating, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 3 })), {
    minLength: 2,
    maxLength: 6,
  })
  .chain((list) =>
    fc.record({
      teams: fc.constant(list.map(([team]) => team)),
      ranks: fc.constant(list.map(([, rank]) => rank)),
      scores: fc.constantFrom(
        [],
        list.map(([, rank]) => 7 - rank),
      ),
      host: fc.constantFrom(-1, 0, 1),
      fraction: fc.constantFrom(1, 0.4, 0),
      matchImportance: fc.constantFrom(1, 0, 2.5),
    }),
  )
  .map(({ scores, host, fraction, teams, ...match }) => ({
    ...match,
    teams,
    ...(scores.length > 0 && { scores }),
    ...(host >= 0 && { host }),
    ...(fraction < 1 && { playFraction: teams.map((team) => team.map((_, i) => (i === 0 ? fraction : 1))) }),
  }));

/** Longer than needed everywhere, with rubbish where nothing should look. */
function flatten(match: MatchInput, days: number): FlatMatch {
  const flat = (values: readonly (readonly number[])[]) => Float64Array.from([...values.flat(), NaN, NaN]);
  const ends: number[] = [];
  for (const team of match.teams) ends.push((ends.at(-1) ?? 0) + team.length);
  const players = ends.at(-1) ?? 0;
  return {
    teams: match.teams.length,
    players,
    teamEnds: Int32Array.from([...ends, -1]),
    mu: flat(match.teams.map((team) => team.map(({ mu }) => mu))),
    sigma: flat(match.teams.map((team) => team.map(({ sigma }) => sigma))),
    volatility: new Float64Array(0),
    days: new Float64Array(players).fill(days),
    ranks: Float64Array.from([...match.ranks, NaN]),
    hasScores: match.scores !== undefined,
    scores: Float64Array.from([...(match.scores ?? []), NaN]),
    host: match.host ?? -1,
    hasPlayFraction: match.playFraction !== undefined,
    playFraction: flat(match.playFraction ?? []),
    importance: match.matchImportance ?? 1,
  };
}

const ratingsOf = ({ mu, sigma, players }: FlatMatch): Rating[] =>
  Array.from({ length: players }, (_, i) => ({ mu: mu[i] ?? NaN, sigma: sigma[i] ?? NaN }));

describe('the kernel and the methods that take objects', () => {
  it.each([
    ['ranks', 0],
    ['scores', 2],
  ])('give the same bits, from %s', (_name, scoreWorth) => {
    const model = gaussian({ scoreWorth, hostAdvantage: 2, tauPerDay: 0.3, tieProbability: 0.05 });
    // One kernel for all: nothing of a match may stay behind in it.
    const kernel = model.kernel?.();
    fc.assert(
      fc.property(matches, fc.constantFrom(0, 0.5, 1000), (match, days) => {
        const flat = flatten(match, days);
        kernel?.age(flat);
        const aged = match.teams.map((team) => team.map((player) => model.aged(player, days)));
        expect(ratingsOf(flat)).toEqual(aged.flat());

        const { host, playFraction } = match;
        const win = new Float64Array(match.teams.length);
        const draw = kernel?.predict(flat, win);
        const circumstances = { ...(host !== undefined && { host }), ...(playFraction && { playFraction }) };
        expect({ win: Array.from(win), draw }).toEqual(model.predict(aged, circumstances));
        expect(kernel?.quality(flat)).toBe(model.quality(aged, circumstances));
        expect(ratingsOf(flat)).toEqual(aged.flat());

        kernel?.rate(flat);
        expect(ratingsOf(flat)).toEqual(model.rate({ ...match, teams: aged }).teams.flat());
      }),
      { numRuns: 300 },
    );
  });
});
