import { evaluate, ratingModel, replay, type HistoryMatch } from '../../src/index.js';
import { randomMatches } from '../history/histories.js';

const model = ratingModel({ model: 'gaussian', drawProbability: 0.2, hostAdvantage: 2, tauPerDay: 0.5 });
const DAY = 86_400_000;

describe('evaluate', () => {
  it('scores what predict says of the ratings before each match', () => {
    const history: HistoryMatch[] = [
      { at: 0, teams: [['a'], ['b']], ranks: [0, 1] },
      { at: 30 * DAY, teams: [['a'], ['b']], ranks: [0, 1], host: 1 },
      { at: 31 * DAY, teams: [['b', 'c'], ['a']], ranks: [1, 0], playFraction: [[1, 0.5], [1]] },
      { at: 32 * DAY, teams: [['b'], ['a']], ranks: [0, 0] },
      { at: 33 * DAY, teams: [['b'], ['a']], ranks: [0, 1] },
    ];
    const rated = replay(history, model, { keepChanges: true });
    const predictions = history.map(({ host }, i) =>
      // Who leaves early is not known before.
      model.predict(rated.change(i)?.before ?? [], host === undefined ? {} : { host }),
    );
    let [logLoss, brier, outcome, right] = [0, 0, 0, 0];
    history.forEach(({ ranks: [first = 0, second = 0] }, i) => {
      const { win, draw } = predictions[i] ?? { win: [], draw: NaN };
      const [ours = NaN, theirs = NaN] = first <= second ? win : [...win].reverse();
      outcome -= Math.log(first === second ? draw : ours);
      if (first === second) return;
      const chance = ours / (ours + theirs);
      logLoss -= Math.log(chance);
      brier += (1 - chance) ** 2;
      right += chance > 0.5 ? 1 : chance === 0.5 ? 0.5 : 0;
    });
    const found = evaluate(history, model);
    expect(found).toMatchObject({ matches: 5, pairs: 5, decisivePairs: 4, accuracy: right / 4 });
    expect(found.logLoss).toBeCloseTo(logLoss / 4, 12);
    expect(found.brier).toBeCloseTo(brier / 4, 12);
    expect(found.outcomeLogLoss).toBeCloseTo(outcome / 5, 12);
  });

  it('takes every two teams of a larger match as a pair, with the home side of the two', () => {
    const history: HistoryMatch[] = [
      { at: 0, teams: [['a'], ['b'], ['c']], ranks: [1, 0, 1] },
      { at: 0, teams: [['a'], ['b'], ['c']], ranks: [0, 1, 2], host: 1 },
    ];
    const before = replay(history.slice(0, 1), model).ratings();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => [before.get(id) ?? model.initial()]);
    const chances = [
      model.predict([a ?? [], b ?? []], { host: 1 }),
      model.predict([a ?? [], c ?? []]),
      model.predict([b ?? [], c ?? []], { host: 0 }),
    ].map(({ win: [first = NaN, second = NaN] }) => first / (first + second));
    const found = evaluate(history, model, { from: 0.5 });
    expect(found).toMatchObject({ matches: 1, pairs: 3, decisivePairs: 3 });
    expect(found.logLoss).toBeCloseTo(-chances.reduce((sum, p) => sum + Math.log(p), 0) / 3, 12);
    expect(evaluate(history, model)).toMatchObject({ matches: 2, pairs: 6, decisivePairs: 5 });
  });

  it('predicts the part asked for, with all before it rated', () => {
    const history = randomMatches(400, 2, 12);
    const parts = [
      { from: 0, to: 0.25 },
      { from: 0.25, to: 0.75 },
      { from: 0.75, to: 1 },
    ].map((part) => evaluate(history, model, part));
    const whole = evaluate(history, model);
    expect(parts.map(({ matches }) => matches)).toEqual([100, 200, 100]);
    const sum = parts.reduce((total, { logLoss, decisivePairs }) => total + logLoss * decisivePairs, 0);
    expect(sum / whole.decisivePairs).toBeCloseTo(whole.logLoss, 12);
    expect(evaluate(history.slice(0, 100), model)).toEqual(parts[0]);
  });

  it('leaves out matches of players with few games', () => {
    const history = randomMatches(400, 1, 12);
    const games = new Map<string, number>();
    let expected = 0;
    for (const { teams } of history) {
      const players = teams.flat();
      if (players.every((id) => (games.get(id) ?? 0) >= 5)) expected++;
      for (const id of players) games.set(id, (games.get(id) ?? 0) + 1);
    }
    expect(expected).toBeLessThan(400);
    expect(evaluate(history, model, { minGames: 5 }).matches).toBe(expected);
  });

  it('sorts predictions by the chance of the favourite', () => {
    const { bins, decisivePairs, accuracy } = evaluate(randomMatches(2_000, 1, 12), model);
    expect(bins).toHaveLength(10);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(decisivePairs);
    const won = bins.reduce((sum, { count, observed }) => sum + (count > 0 ? count * observed : 0), 0);
    expect(won / decisivePairs).toBeCloseTo(accuracy, 12);
    for (const { from, to, count, expected } of bins) {
      if (count === 0) continue;
      expect(expected).toBeGreaterThanOrEqual(from);
      expect(expected).toBeLessThanOrEqual(to);
    }
  });

  it.each([
    [{ from: -0.1 }, RangeError, 'options.from'],
    [{ to: 1.1 }, RangeError, 'options.to'],
    [{ from: 0.5, to: 0.4 }, RangeError, 'options.from'],
    [{ from: '0' }, TypeError, 'options.from'],
    [{ to: NaN }, RangeError, 'options.to'],
    [{ minGames: -1 }, RangeError, 'options.minGames'],
  ])('refuses %j', (options, error, path) => {
    const attempt = () => evaluate(randomMatches(3, 1, 4), model, options as object);
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(path);
  });

  it('of nothing has no figures', () => {
    expect(evaluate([], model)).toMatchObject({ matches: 0, pairs: 0, accuracy: NaN, logLoss: NaN });
  });
});
