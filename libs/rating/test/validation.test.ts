import { gaussian, ratingModel } from '../src/index.js';

const model = gaussian();
const good = { mu: 25, sigma: 8 };
/** Values as they might come from JavaScript that no compiler has checked. */
const unchecked = <T>(value: unknown) => value as T;

describe('a match that is wrong is refused, and the message begins with what is wrong', () => {
  it.each<[string, unknown, typeof TypeError | typeof RangeError, string]>([
    ['nothing', undefined, TypeError, 'match:'],
    ['no teams', { ranks: [] }, TypeError, 'match.teams:'],
    ['one team', { teams: [[good]], ranks: [0] }, RangeError, 'match.teams:'],
    ['an empty team', { teams: [[good], []], ranks: [0, 1] }, RangeError, 'match.teams[1]:'],
    ['a team that is no list', { teams: [[good], good], ranks: [0, 1] }, TypeError, 'match.teams[1]:'],
    ['no rating', { teams: [[good], [null]], ranks: [0, 1] }, TypeError, 'match.teams[1][0]:'],
    [
      'NaN',
      { teams: [[good], [good, { mu: NaN, sigma: 8 }]], ranks: [0, 1] },
      RangeError,
      'match.teams[1][1].mu:',
    ],
    [
      'infinite',
      { teams: [[{ mu: 1, sigma: Infinity }], [good]], ranks: [0, 1] },
      RangeError,
      'match.teams[0][0].sigma:',
    ],
    [
      'a text',
      { teams: [[{ mu: '25', sigma: 8 }], [good]], ranks: [0, 1] },
      TypeError,
      'match.teams[0][0].mu:',
    ],
    [
      'negative sigma',
      { teams: [[{ mu: 1, sigma: -1 }], [good]], ranks: [0, 1] },
      RangeError,
      'match.teams[0][0].sigma:',
    ],
    ['no ranks', { teams: [[good], [good]] }, TypeError, 'match.ranks:'],
    ['too few ranks', { teams: [[good], [good]], ranks: [0] }, RangeError, 'match.ranks:'],
    ['a rank NaN', { teams: [[good], [good]], ranks: [0, NaN] }, RangeError, 'match.ranks[1]:'],
    [
      'too few weights',
      { teams: [[good], [good]], ranks: [0, 1], weights: [[1]] },
      RangeError,
      'match.weights:',
    ],
    [
      'weights of another shape',
      { teams: [[good], [good]], ranks: [0, 1], weights: [[1], [1, 1]] },
      RangeError,
      'match.weights[1]:',
    ],
    [
      'weight above 1',
      { teams: [[good], [good]], ranks: [0, 1], weights: [[1], [1.1]] },
      RangeError,
      'match.weights[1][0]:',
    ],
    [
      'weight below 0',
      { teams: [[good], [good]], ranks: [0, 1], weights: [[-0.1], [1]] },
      RangeError,
      'match.weights[0][0]:',
    ],
  ])('%s', (_name, match, type, start) => {
    const attempt = () => model.rate(unchecked(match));
    expect(attempt).toThrow(type);
    expect(attempt).toThrow(new RegExp(`^${start.replace(/[[\].]/g, '\\$&')}`));
  });

  it('predict and quality check their teams too', () => {
    expect(() => model.predict([[good]])).toThrow(RangeError);
    expect(() => model.predict([[good], [good], [good]])).toThrow(/^teams: .* two teams only, got 3/);
    expect(() => model.quality([[good], []])).toThrow(/^teams\[1\]:/);
    expect(() => model.displayRating({ mu: NaN, sigma: 1 })).toThrow(/^rating\.mu:/);
    expect(() => model.ordinal({ mu: 1, sigma: -1 })).toThrow(/^rating\.sigma:/);
  });
});

describe('ratingModel', () => {
  it('fills in defaults that follow sigma', () => {
    expect(ratingModel().parameters).toEqual({
      mu: 25,
      sigma: 25 / 3,
      beta: 25 / 6,
      tau: 25 / 3 / 100,
      drawProbability: 0.1,
    });
    expect(ratingModel({ model: 'gaussian', mu: 1500, sigma: 500, drawProbability: 0 }).parameters).toEqual({
      mu: 1500,
      sigma: 500,
      beta: 250,
      tau: 5,
      drawProbability: 0,
    });
  });

  it('makes the same model again from its own parameters', () => {
    const first = ratingModel({ sigma: 7, tau: 0 });
    expect(ratingModel({ model: first.name, ...first.parameters }).parameters).toEqual(first.parameters);
  });

  it.each<[string, unknown, typeof TypeError | typeof RangeError, RegExp]>([
    ['a list', [], TypeError, /^rating:/],
    ['null', null, TypeError, /^rating:/],
    ['a model of another type', { model: 3 }, TypeError, /^rating\.model:/],
    ['an unknown model', { model: 'elo' }, RangeError, /^rating\.model: unknown model "elo"/],
    [
      'an unknown parameter',
      { model: 'gaussian', betta: 3 },
      RangeError,
      /^rating\.betta: unknown parameter/,
    ],
    ['a text for a number', { beta: '4' }, TypeError, /^rating\.beta:/],
    ['null for a number', { tau: null }, TypeError, /^rating\.tau:/],
    ['NaN', { mu: NaN }, RangeError, /^rating\.mu:/],
    ['sigma 0', { sigma: 0 }, RangeError, /^rating\.sigma:/],
    ['beta 0', { beta: 0 }, RangeError, /^rating\.beta:/],
    ['negative tau', { tau: -1 }, RangeError, /^rating\.tau:/],
    ['draws always', { drawProbability: 1 }, RangeError, /^rating\.drawProbability:/],
    ['negative draws', { drawProbability: -0.1 }, RangeError, /^rating\.drawProbability:/],
  ])('refuses %s', (_name, config, type, message) => {
    expect(() => ratingModel(config)).toThrow(type);
    expect(() => ratingModel(config)).toThrow(message);
  });

  it('its parameters cannot be changed', () => {
    expect(() => Object.assign(model.parameters, { beta: 1 })).toThrow(TypeError);
  });
});
