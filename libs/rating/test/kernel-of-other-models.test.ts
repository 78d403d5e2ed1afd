import fc from 'fast-check';
import { ratingModel, type MatchInput, type Rating } from '../src/index.js';
import type { FlatMatch } from '../src/kernel.js';

const NAMES = [
  'plackett-luce',
  'bradley-terry',
  'bradley-terry-part',
  'thurstone-mosteller',
  'thurstone-mosteller-part',
  'glicko2',
];

/** A match laid out flat, with arrays longer than needed and rubbish in the rest. */
function flatten(
  { teams, ranks, host, playFraction, matchImportance }: MatchInput,
  days: number[],
): FlatMatch {
  const players = teams.flat();
  const padded = (values: readonly number[]) => Float64Array.from([...values, NaN, NaN]);
  let end = 0;
  return {
    teams: teams.length,
    players: players.length,
    teamEnds: Int32Array.from([...teams.map((team) => (end += team.length)), -7]),
    mu: padded(players.map(({ mu }) => mu)),
    sigma: padded(players.map(({ sigma }) => sigma)),
    volatility: padded(players.map(({ volatility }) => volatility ?? NaN)),
    days: padded(days),
    ranks: padded(ranks),
    hasScores: false,
    scores: padded(ranks),
    host: host ?? -1,
    hasPlayFraction: playFraction !== undefined,
    playFraction: padded((playFraction ?? []).flat()),
    importance: matchImportance ?? 1,
  };
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const player = fc.record({ strength: unit, spread: unit, fraction: unit, days: fc.nat(400) });
const match = fc.record({
  teams: fc.array(fc.array(player, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 6 }),
  tie: fc.boolean(),
  host: fc.option(fc.nat(1), { nil: undefined }),
  withFractions: fc.boolean(),
  matchImportance: fc.option(fc.constantFrom(0, 0.5, 3), { nil: undefined }),
});

describe.each(NAMES)('%s: the kernel for replays', (name) => {
  const model = ratingModel({
    model: name,
    hostAdvantage: 3,
    drawProbability: 0.2,
    ...(name === 'glicko2' ? { periodDays: 10 } : { tauPerDay: 0.1 }),
  });
  const kernel = model.kernel?.();
  const ratingsOf = (flat: FlatMatch): Rating[] =>
    Array.from({ length: flat.players }, (_, i) => ({
      mu: flat.mu[i] as number,
      sigma: flat.sigma[i] as number,
      ...(name === 'glicko2' && { volatility: flat.volatility[i] as number }),
    }));

  it('ages, predicts and rates to the same bits as the model', () => {
    const { mu, sigma, volatility } = model.initial();
    fc.assert(
      fc.property(match, ({ teams, tie, host, withFractions, matchImportance }) => {
        const before = teams.map((team) =>
          team.map(({ strength, spread }) => ({
            mu: mu + (strength - 0.5) * sigma * 6,
            sigma: sigma * (0.05 + spread * 1.2),
            ...(volatility !== undefined && { volatility: 0.02 + 0.1 * strength }),
          })),
        );
        const days = teams.flatMap((team) => team.map((each) => each.days));
        const circumstances = {
          ranks: teams.map((_, i) => (tie ? i >> 1 : (i * 7) % 5)),
          ...(host !== undefined && { host }),
          ...(withFractions && { playFraction: teams.map((team) => team.map(({ fraction }) => fraction)) }),
          ...(matchImportance !== undefined && { matchImportance }),
        };
        const flat = flatten({ teams: before, ...circumstances }, days);
        kernel?.age(flat);
        let i = 0;
        const aged = before.map((team) => team.map((rating) => model.aged(rating, days[i++] as number)));
        expect(ratingsOf(flat)).toEqual(aged.flat());
        const win = new Float64Array(teams.length);
        const draw = kernel?.predict(flat, win);
        expect({ win: Array.from(win), draw }).toEqual(model.predict(aged, circumstances));
        expect(kernel?.quality(flat)).toBe(model.quality(aged, circumstances));
        expect(ratingsOf(flat)).toEqual(aged.flat());
        kernel?.rate(flat);
        expect(ratingsOf(flat)).toEqual(model.rate({ teams: aged, ...circumstances }).teams.flat());
      }),
      { numRuns: 30 },
    );
  });
});
