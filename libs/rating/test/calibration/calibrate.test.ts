import {
  calibrate,
  evaluate,
  MatchHistory,
  ratingModel,
  type CalibrationProgress,
  type HistoryMatch,
} from '../../src/index.js';
import { EVERY_MODEL } from '../history/every-model.js';
import { randomMatches, seeded } from '../history/histories.js';
import { simulate, type Truth } from './simulate.js';

const TRUTH: Truth = {
  matches: 3_000,
  players: 40,
  teamSize: 1,
  beta: 8,
  tauPerDay: 0.6,
  margin: 3,
  hostAdvantage: 4,
};
/** Of equal players: P(|N(0, 2 beta^2)| < margin). */
const DRAW_PROBABILITY = 0.209;

/** Matches of two against two among 60 players with normal skills; nobody draws. */
function teamsOfTwo(matches: number, seed: number): HistoryMatch[] {
  const next = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const skills = Array.from({ length: 60 }, normal);
  return Array.from({ length: matches }, (_, m) => {
    const four = new Set<number>();
    while (four.size < 4) four.add(Math.floor(next() * skills.length));
    const [a = 0, b = 0, c = 0, d = 0] = four;
    const performance = (...ids: number[]) =>
      ids.reduce((sum, id) => sum + (skills[id] as number) + normal(), 0);
    const ranks = performance(a, b) > performance(c, d) ? [0, 1] : [1, 0];
    return { at: m * 864_000, teams: [[a, b].map(String), [c, d].map(String)], ranks };
  });
}

describe('calibrate, on ladders of which the truth is known', () => {
  const history = new MatchHistory(simulate(TRUTH, 1));
  // Everybody plays about every other day: without `tau` out of the way it could stand in for `tauPerDay`.
  const result = calibrate(history, { to: 0.8, config: { tau: 0 }, keep: ['tau'] });
  const fitted = Object.fromEntries(result.parameters.map((one) => [one.name, one]));

  it.each<[string, number, number]>([
    ['beta', TRUTH.beta, 1.25],
    ['hostAdvantage', TRUTH.hostAdvantage, 1.35],
    ['drawProbability', DRAW_PROBABILITY, 1.25],
    ['tauPerDay', TRUTH.tauPerDay, 1.6],
  ])('recovers %s = %d within a factor of %d', (name, truth, factor) => {
    expect(fitted[name]).toMatchObject({ outcome: 'fitted' });
    expect(fitted[name]?.after).toBeGreaterThan(truth / factor);
    expect(fitted[name]?.after).toBeLessThan(truth * factor);
    expect(fitted[name]?.gain).toBeGreaterThan(0);
  });

  it('says which parameters nothing depends on', () => {
    for (const name of ['playerWorth', 'scoreWorth', 'scoreNoise']) {
      expect(fitted[name]).toMatchObject({ outcome: 'absent', gain: 0, before: fitted[name]?.after });
    }
  });

  it('gains on the fitted part and on what had no say', () => {
    expect(result.fitted.after.outcomeLogLoss).toBeLessThan(result.fitted.before.outcomeLogLoss - 0.02);
    expect(result.heldOut?.after.outcomeLogLoss).toBeLessThan(
      (result.heldOut?.before.outcomeLogLoss ?? NaN) - 0.02,
    );
    expect(result.settled).toBe(true);
  });

  it('predicts nearly as well as the truth would', () => {
    const { beta, tauPerDay, hostAdvantage } = TRUTH;
    const truth = ratingModel({ beta, tau: 0, tauPerDay, hostAdvantage, drawProbability: DRAW_PROBABILITY });
    const best = evaluate(history, truth, { from: 0.8 }).outcomeLogLoss;
    expect(result.heldOut?.after.outcomeLogLoss).toBeLessThan(best + 0.01);
  });

  it('hands out a model, the configuration that makes it, and evaluations of both', () => {
    expect(ratingModel(result.config).parameters).toEqual(result.model.parameters);
    expect(result.fitted.before).toEqual(evaluate(history, ratingModel({ tau: 0 }), { to: 0.8 }));
    expect(result.fitted.after).toEqual(evaluate(history, result.model, { to: 0.8 }));
    expect(result.heldOut?.after).toEqual(evaluate(history, result.model, { from: 0.8 }));
  });

  it('finds scores worth more than the ranks alone', () => {
    const played = simulate({ ...TRUTH, matches: 800, players: 25, margin: 0, goalsPerUnit: 0.2 }, 3);
    const scored = calibrate(played, { to: 0.6, keep: ['tau', 'tauPerDay'] });
    const worth = scored.parameters.find(({ name }) => name === 'scoreWorth');
    expect(worth?.outcome).toBe('fitted');
    const unscored = played.map(({ scores: _scores, ...match }) => match);
    const ranked = calibrate(unscored, { to: 0.6, keep: ['tau', 'tauPerDay'] });
    expect(scored.heldOut?.after.logLoss).toBeLessThan((ranked.heldOut?.after.logLoss ?? NaN) - 0.003);
  });
});

describe('calibrate', () => {
  const short = simulate({ ...TRUTH, matches: 400, players: 20 }, 2);

  it.each(EVERY_MODEL.map(({ model }) => model))('of %s never loses on the fitted part', (model) => {
    for (const loss of ['outcome', 'decisive'] as const) {
      const { fitted } = calibrate(short.slice(0, 200), { config: { model }, loss, maxEvaluations: 50 });
      const measure = loss === 'outcome' ? 'outcomeLogLoss' : 'logLoss';
      expect(fitted.after[measure]).toBeLessThanOrEqual(fitted.before[measure]);
    }
  });

  it('comes to the same bits again', () => {
    const first = calibrate(short, { maxEvaluations: 80 });
    expect(calibrate(short, { maxEvaluations: 80 })).toEqual(first);
  });

  it('has no use for what lies behind the fitted part', () => {
    const { config } = calibrate(short, { to: 0.5, maxEvaluations: 80 });
    expect(calibrate(short.slice(0, 200), { maxEvaluations: 80 }).config).toEqual(config);
  });

  it('keeps within the evaluations and reports each', () => {
    const progress: CalibrationProgress[] = [];
    const { evaluations } = calibrate(short, { maxEvaluations: 70, onProgress: (now) => progress.push(now) });
    expect(evaluations).toBeLessThanOrEqual(70);
    expect(progress.map((now) => now.evaluations)).toEqual(progress.map((_, i) => i + 1));
    progress.reduce((previous, { loss }) => {
      expect(loss).toBeLessThanOrEqual(previous);
      return loss;
    }, Infinity);
  });

  it('leaves parameters that it is told to keep', () => {
    const { parameters, config } = calibrate(short, {
      config: { beta: 5, tau: 0.01 },
      keep: ['beta', 'tau'],
      maxEvaluations: 60,
    });
    expect(config).toMatchObject({ beta: 5, tau: 0.01 });
    expect(parameters.filter(({ outcome }) => outcome === 'kept').map(({ name }) => name)).toEqual([
      'beta',
      'tau',
    ]);
  });

  it('without draws in a short history, does not put the draw margin back to a beta that was fitted to none', () => {
    const { parameters } = calibrate(teamsOfTwo(80, 6));
    const outcomeOf = (wanted: string) => parameters.find(({ name }) => name === wanted)?.outcome;
    expect([outcomeOf('beta'), outcomeOf('drawProbability')]).toEqual(['fitted', 'fitted']);
  });

  it('does not believe a dozen matches', () => {
    const { parameters } = calibrate(randomMatches(12, 1, 4));
    for (const { name, before, after, outcome } of parameters) {
      if (outcome === 'fitted') expect(name).toBe('beta');
      else expect(after).toBe(before);
    }
    const beta = parameters.find(({ name }) => name === 'beta');
    expect(beta?.after).toBeLessThan(10 * (beta?.before ?? NaN));
  });

  it('does not believe a dozen predictions, however many matches were rated', () => {
    const dozen = { from: 0.97, minGames: 5, maxEvaluations: 100 };
    const { parameters, fitted } = calibrate(short, dozen);
    expect(fitted.before.matches).toBe(12);
    expect(parameters.filter(({ outcome }) => outcome === 'fitted').length).toBeLessThanOrEqual(1);
    expect(calibrate(short, { ...dozen, minGames: 1e6 }).parameters.every(({ gain }) => gain === 0)).toBe(
      true,
    );
  });

  it('brings the draw probability down where nobody draws', () => {
    const decided = short.filter(({ ranks: [a, b] }) => a !== b);
    const { parameters } = calibrate(decided, { maxEvaluations: 100 });
    expect(parameters.find(({ name }) => name === 'drawProbability')?.after).toBeLessThan(0.01);
  });

  it.each([[[]], [short.slice(0, 1)]])('of hardly any matches changes nothing', (matches) => {
    const { config, parameters } = calibrate(matches);
    expect(config).toEqual({ model: 'gaussian', ...ratingModel().parameters });
    expect(parameters.every(({ gain }) => gain === 0)).toBe(true);
  });

  it.each([
    [{ config: { model: 'elo' } }, RangeError, 'rating.model'],
    [{ config: { beta: -1 } }, RangeError, 'rating.beta'],
    [{ keep: ['luck'] }, RangeError, 'options.keep[0]'],
    [{ keep: 'beta' }, TypeError, 'options.keep'],
    [{ loss: 'brier' }, RangeError, 'options.loss'],
    [{ maxEvaluations: 10 }, RangeError, 'options.maxEvaluations'],
    [{ maxEvaluations: '100' }, TypeError, 'options.maxEvaluations'],
    [{ to: 2 }, RangeError, 'options.to'],
  ])('refuses %j', (options, error, path) => {
    const attempt = () => calibrate(short, options as object);
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(path);
  });
});
