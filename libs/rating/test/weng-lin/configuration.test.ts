import { ratingModel, thurstoneMostellerPart } from '../../src/index.js';
import { MODELS } from './models.js';

describe.each(MODELS)('%s: configuration', (name, make) => {
  const model = make();

  it('has the defaults of the published models, which follow sigma', () => {
    expect(model.parameters).toMatchObject({
      mu: 25,
      sigma: 25 / 3,
      beta: 25 / 6,
      tau: 25 / 3 / 100,
      tauPerDay: 0,
      hostAdvantage: 0,
      playerWorth: 25,
    });
    expect(make({ mu: 1500, sigma: 500 }).parameters).toMatchObject({ beta: 250, tau: 5, playerWorth: 1500 });
  });

  it('is made by its name, and made again from its own parameters', () => {
    const configured = ratingModel({ model: name, sigma: 7, tau: 0, drawProbability: 0.2 });
    expect(configured.name).toBe(name);
    expect(ratingModel({ model: name, ...configured.parameters }).parameters).toEqual(configured.parameters);
    expect(() => Object.assign(model.parameters, { beta: 1 })).toThrow(TypeError);
  });

  it('shows a new player at 1500 and one deviation of performance as 200 points', () => {
    expect(model.displayRating(model.initial())).toBe(1500);
    expect(model.displayRating({ mu: 25 + 25 / 6, sigma: 25 / 3 })).toBeCloseTo(1700, 9);
    expect(model.ordinal({ mu: 25, sigma: 1 })).toBe(22);
    expect(() => model.ordinal({ mu: 1, sigma: -1 })).toThrow(/^rating\.sigma:/);
  });

  it.each<[string, unknown, typeof TypeError | typeof RangeError, RegExp]>([
    ['an unknown parameter', { kappa: 0.1 }, RangeError, /^rating\.kappa: unknown parameter/],
    ['a text for a number', { beta: '4' }, TypeError, /^rating\.beta:/],
    ['null', { tau: null }, TypeError, /^rating\.tau:/],
    ['NaN', { mu: NaN }, RangeError, /^rating\.mu:/],
    ['an infinite worth', { playerWorth: Infinity }, RangeError, /^rating\.playerWorth:/],
    ['sigma 0', { sigma: 0 }, RangeError, /^rating\.sigma:/],
    ['beta 0', { beta: 0 }, RangeError, /^rating\.beta:/],
    ['negative tau', { tau: -1 }, RangeError, /^rating\.tau:/],
    ['negative tauPerDay', { tauPerDay: -1 }, RangeError, /^rating\.tauPerDay:/],
    ['draws always', { drawProbability: 1 }, RangeError, /^rating\.drawProbability:/],
    ['negative draws', { drawProbability: -0.1 }, RangeError, /^rating\.drawProbability:/],
  ])('refuses %s', (_name, parameters, type, message) => {
    const attempt = () => ratingModel({ model: name, ...(parameters as object) });
    expect(attempt).toThrow(type);
    expect(attempt).toThrow(message);
  });

  it('refuses a match that is wrong', () => {
    expect(() => model.rate({ teams: [[model.initial()]], ranks: [0] })).toThrow(/^match\.teams:/);
    expect(() => model.rate({ teams: [[model.initial()], [{ mu: 1, sigma: NaN }]], ranks: [0, 1] })).toThrow(
      /^match\.teams\[1\]\[0\]\.sigma:/,
    );
    const two = [[model.initial()], [model.initial()]];
    expect(() => model.rate({ teams: two, ranks: [0, 1], matchImportance: -1 })).toThrow(
      /^match\.matchImportance:/,
    );
    expect(() => model.predict([[model.initial()]])).toThrow(/^teams:/);
  });
});

describe('the window of the part-pair models', () => {
  it('is a whole number above 0', () => {
    for (const window of [0, -1, 1.5, NaN, '3']) {
      expect(() => ratingModel({ model: 'bradley-terry-part', window })).toThrow(/^rating\.window:/);
    }
    expect(() => ratingModel({ model: 'bradley-terry', window: 3 })).toThrow(/^rating\.window: unknown/);
  });

  it('says how far a team is compared', () => {
    const ratings = [0, 1, 2, 3, 4].map((i) => [{ mu: 25 + i, sigma: 8 }]);
    const changed = ratings.map((team, i) => (i === 4 ? [{ mu: 60, sigma: 8 }] : team));
    const first = (window: number, teams: typeof ratings) =>
      thurstoneMostellerPart({ window }).rate({ teams, ranks: [0, 1, 2, 3, 4] }).teams[0];
    expect(first(3, changed)).toEqual(first(3, ratings));
    expect(first(4, changed)).not.toEqual(first(4, ratings));
    expect(first(99, ratings)).toEqual(first(4, ratings));
  });
});
