import { gaussian, newSeason, ratingModel } from '../src/index.js';

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
      'too few fractions',
      { teams: [[good], [good]], ranks: [0, 1], playFraction: [[1]] },
      RangeError,
      'match.playFraction:',
    ],
    [
      'fractions of another shape',
      { teams: [[good], [good]], ranks: [0, 1], playFraction: [[1], [1, 1]] },
      RangeError,
      'match.playFraction[1]:',
    ],
    [
      'fraction above 1',
      { teams: [[good], [good]], ranks: [0, 1], playFraction: [[1], [1.1]] },
      RangeError,
      'match.playFraction[1][0]:',
    ],
    [
      'fraction below 0',
      { teams: [[good], [good]], ranks: [0, 1], playFraction: [[-0.1], [1]] },
      RangeError,
      'match.playFraction[0][0]:',
    ],
    [
      'a host that is no team',
      { teams: [[good], [good]], ranks: [0, 1], host: 2 },
      RangeError,
      'match.host:',
    ],
    ['half a host', { teams: [[good], [good]], ranks: [0, 1], host: 0.5 }, RangeError, 'match.host:'],
    ['a host by name', { teams: [[good], [good]], ranks: [0, 1], host: 'a' }, TypeError, 'match.host:'],
    ['too few scores', { teams: [[good], [good]], ranks: [0, 1], scores: [1] }, RangeError, 'match.scores:'],
    [
      'a score NaN',
      { teams: [[good], [good]], ranks: [0, 1], scores: [1, NaN] },
      RangeError,
      'match.scores[1]:',
    ],
    [
      'scores against the ranks',
      { teams: [[good], [good], [good]], ranks: [0, 1, 2], scores: [3, 1, 2] },
      RangeError,
      'match.scores[2]:',
    ],
    [
      'a tie with unequal scores',
      { teams: [[good], [good]], ranks: [0, 0], scores: [3, 1] },
      RangeError,
      'match.scores[1]:',
    ],
    [
      'negative importance',
      { teams: [[good], [good]], ranks: [0, 1], matchImportance: -1 },
      RangeError,
      'match.matchImportance:',
    ],
    [
      'importance in words',
      { teams: [[good], [good]], ranks: [0, 1], matchImportance: 'high' },
      TypeError,
      'match.matchImportance:',
    ],
  ])('%s', (_name, match, type, start) => {
    const attempt = () => model.rate(unchecked(match));
    expect(attempt).toThrow(type);
    expect(attempt).toThrow(new RegExp(`^${start.replace(/[[\].]/g, '\\$&')}`));
  });

  it('predict and quality check their teams too', () => {
    expect(() => model.predict([[good]])).toThrow(RangeError);
    expect(() => model.rankProbabilities([[good], [{ mu: 1, sigma: -1 }]])).toThrow(
      /^teams\[1\]\[0\]\.sigma:/,
    );
    expect(() => model.quality([[good], []])).toThrow(/^teams\[1\]:/);
    expect(() => model.displayRating({ mu: NaN, sigma: 1 })).toThrow(/^rating\.mu:/);
    expect(() => model.ordinal({ mu: 1, sigma: -1 })).toThrow(/^rating\.sigma:/);
  });
});

describe('circumstances and time are checked too', () => {
  const teams = [[good], [good]];
  it.each<[string, () => unknown, RegExp]>([
    ['a host that does not play', () => model.predict(teams, { host: 2 }), /^circumstances\.host:/],
    ['no circumstances', () => model.predict(teams, unchecked(null)), /^circumstances:/],
    [
      'fractions',
      () => model.rankProbabilities(teams, { playFraction: [[1], [2]] }),
      /^circumstances\.playFraction\[1\]\[0\]:/,
    ],
    ['days that run back', () => model.aged(good, -1), /^days:/],
    ['no number of days', () => model.aged(good, unchecked('3')), /^days:/],
    ['a rating to age', () => model.aged({ mu: 1, sigma: NaN }, 1), /^rating\.sigma:/],
    ['no reset', () => newSeason(model, good, unchecked(undefined)), /^reset:/],
    ['a pull above 1', () => newSeason(model, good, { pull: 1.1 }), /^reset\.pull:/],
    ['a season that knows everything', () => newSeason(model, good, { pull: 0, sigma: 0 }), /^reset\.sigma:/],
  ])('%s', (_name, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});

describe('ratingModel', () => {
  it('fills in defaults that follow sigma', () => {
    expect(ratingModel().parameters).toEqual({
      mu: 25,
      sigma: 25 / 3,
      beta: 6.9444444444444455,
      tau: 0.33333333333333337,
      tauPerDay: 0.08333333333333334,
      drawProbability: 0.1,
      tieProbability: 0,
      hostAdvantage: 0,
      playerWorth: 6.9444444444444455,
      scoreWorth: 0,
      scoreNoise: 6.9444444444444455,
    });
    expect(ratingModel({ model: 'gaussian', sigma: 300, drawProbability: 0.2 }).parameters).toMatchObject({
      mu: 25,
      beta: 250,
      tau: 12,
      tauPerDay: 3,
      tieProbability: 0.2,
      playerWorth: 250,
      scoreNoise: 250,
    });
  });

  it('a stated origin of the scale makes team performances plain sums, as they were published', () => {
    expect(ratingModel({ mu: 25 }).parameters).toMatchObject({ playerWorth: 25 });
    expect(ratingModel({ mu: 1500, playerWorth: 100 }).parameters).toMatchObject({ playerWorth: 100 });
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
    ['negative tau per day', { tauPerDay: -1 }, RangeError, /^rating\.tauPerDay:/],
    ['ties always', { tieProbability: 1 }, RangeError, /^rating\.tieProbability:/],
    ['negative worth of a score', { scoreWorth: -1 }, RangeError, /^rating\.scoreWorth:/],
    ['negative noise of a score', { scoreNoise: -1 }, RangeError, /^rating\.scoreNoise:/],
    ['infinite host advantage', { hostAdvantage: Infinity }, RangeError, /^rating\.hostAdvantage:/],
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
