import {
  gaussian,
  MatchHistory,
  ratingModel,
  smooth,
  type HistoryMatch,
  type SmoothingOptions,
  type SmoothingProgress,
} from '../../src/index.js';

const DAY = 86_400_000;
const model = gaussian({ mu: 25, sigma: 8, beta: 4, tau: 0.3, tauPerDay: 0.1, drawProbability: 0.1 });
/** Values as they might come from JavaScript that no compiler has checked. */
const unchecked = <T>(value: unknown) => value as T;

const matches: HistoryMatch[] = [
  { at: 0, teams: [['anna'], ['ben']], ranks: [0, 1] },
  { at: 3 * DAY, teams: [['ben'], ['cleo']], ranks: [0, 0] },
  { at: 9 * DAY, teams: [['cleo', 'anna'], ['ben']], ranks: [1, 0] },
];

/** A small league over many rounds: what moves one era against another has a long way to go. */
function league(players: number, rounds: number): HistoryMatch[] {
  return Array.from({ length: rounds }, (_, i) => {
    const home = i % players;
    const away = (home + 1 + ((i * i) % (players - 1))) % players;
    const strength = (player: number) => ((player * 7) % players) + 3 * (((i + player) * 5) % 4);
    return { at: i * DAY, teams: [[`p${home}`], [`p${away}`]], ranks: [-strength(home), -strength(away)] };
  });
}

describe('the curves', () => {
  it('have a point per match, with its time and position', () => {
    const smoothed = smooth(matches, model);
    expect(smoothed.playerIds).toEqual(['anna', 'ben', 'cleo']);
    expect(smoothed.curve('anna').map(({ match, at }) => [match, at])).toEqual([
      [0, 0],
      [2, 9 * DAY],
    ]);
    expect(smoothed.curve('ben').map(({ match }) => match)).toEqual([0, 1, 2]);
    expect(smoothed.curve('nobody')).toEqual([]);
  });

  it('know the future: a later win raises the skill before it, and certainty grows', () => {
    const win = { at: 9 * DAY, teams: [['ben'], ['dora']], ranks: [0, 1] };
    const before = smooth(matches.slice(0, 2), model).curve('ben');
    const after = smooth([...matches.slice(0, 2), win], model).curve('ben');
    before.forEach(({ rating }, i) => {
      expect(after[i]?.rating.mu).toBeGreaterThan(rating.mu);
      expect(after[i]?.rating.sigma).toBeLessThan(rating.sigma);
    });
  });

  it('are wider where time has passed', () => {
    const idle = { ...matches[2], at: 1000 * DAY } as HistoryMatch;
    const [first, last] = smooth([...matches.slice(0, 1), idle], model).curve('ben');
    expect(last?.rating.sigma).toBeGreaterThan(first?.rating.sigma ?? NaN);
  });

  it('stay as they were when the history grows', () => {
    const history = new MatchHistory(matches);
    const smoothed = smooth(history, model);
    const before = smoothed.curve('ben');
    history.append({ at: 10 * DAY, teams: [['ben'], ['dora']], ranks: [0, 1] });
    expect(smoothed.curve('ben')).toEqual(before);
    expect(smoothed.curve('dora')).toEqual([]);
    expect(smoothed.playerIds).toEqual(['anna', 'ben', 'cleo']);
  });

  it('are none of an empty history', () => {
    const smoothed = smooth([], model);
    expect(smoothed).toMatchObject({ converged: true, sweeps: 0, change: 0, logEvidence: 0, playerIds: [] });
  });
});

describe('the sweeps', () => {
  it('stop at the tolerance, and say where they stand', () => {
    const progress: SmoothingProgress[] = [];
    const smoothed = smooth(matches, model, { tolerance: 1e-6, onSweep: (step) => progress.push(step) });
    expect(smoothed.converged).toBe(true);
    expect(progress.map(({ sweeps }) => sweeps)).toEqual(progress.map((_, i) => i + 1));
    expect(progress.at(-1)).toEqual({ sweeps: smoothed.sweeps, change: smoothed.change });
    progress.forEach(({ change }, i) => expect(change <= 1e-6).toBe(i === progress.length - 1));
  });

  it('stop at their bound, and say that they have not converged', () => {
    const smoothed = smooth(matches, model, { tolerance: 1e-12, maxSweeps: 2 });
    expect(smoothed).toMatchObject({ converged: false, sweeps: 2 });
    expect(smoothed.change).toBeGreaterThan(1e-12);
  });

  it('are few, however long the history', () => {
    const counts = [50, 500, 5000].map((rounds) => smooth(league(12, rounds), model).sweeps);
    for (const count of counts) expect(count).toBeLessThanOrEqual(8);
  });

  it('come within the tolerance of where more sweeps lead', () => {
    const history = league(12, 2000);
    const quick = smooth(history, model);
    const thorough = smooth(history, model, { tolerance: 1e-11, maxSweeps: 200 });
    expect(thorough.converged).toBe(true);
    for (const id of quick.playerIds) {
      const curve = thorough.curve(id);
      quick.curve(id).forEach(({ rating }, i) => {
        expect(Math.abs(rating.mu - (curve[i]?.rating.mu ?? NaN))).toBeLessThan(1e-4 * 8);
        expect(Math.abs(rating.sigma - (curve[i]?.rating.sigma ?? NaN))).toBeLessThan(1e-4 * 8);
      });
    }
  });
});

describe('the evidence', () => {
  it('is higher for parameters that fit', () => {
    const history = league(8, 600);
    const evidence = (beta: number) => smooth(history, gaussian({ ...model.parameters, beta })).logEvidence;
    expect(evidence(4)).toBeGreaterThan(evidence(0.3));
    expect(evidence(4)).toBeGreaterThan(evidence(60));
  });

  it('is -Infinity for a result that cannot be', () => {
    const never = gaussian({ ...model.parameters, drawProbability: 0 });
    const smoothed = smooth(matches, never);
    expect(smoothed.logEvidence).toBe(-Infinity);
    expect(smoothed.converged).toBe(true);
  });
});

describe('play fractions', () => {
  const left = [
    ...matches,
    { at: 9 * DAY, teams: [['anna'], ['ben', 'cleo']], ranks: [0, 1], playFraction: [[1], [1, 0.5]] },
  ];
  const stayed = left.map(({ at, teams, ranks }) => ({ at, teams, ranks }));

  it('below 1 are refused, by the place where they stand', () => {
    expect(() => smooth(left, model)).toThrow(RangeError);
    expect(() => smooth(left, model)).toThrow(/^matches\[3\]\.playFraction\[1\]\[1\]: .*0\.5.*'ignore'/);
  });

  it('are ignored if asked', () => {
    const ignored = smooth(left, model, { playFraction: 'ignore' });
    expect(ignored.curve('cleo')).toEqual(smooth(stayed, model).curve('cleo'));
  });

  it('of 1 are nothing special', () => {
    const full = stayed.map((match) => ({
      ...match,
      playFraction: match.teams.map((team) => team.map(() => 1)),
    }));
    expect(smooth(full, model).curve('cleo')).toEqual(smooth(stayed, model).curve('cleo'));
  });
});

describe('refuses', () => {
  it.each<[string, unknown, typeof TypeError | typeof RangeError, string]>([
    ['no object', null, TypeError, 'options:'],
    ['a tolerance of 0', { tolerance: 0 }, RangeError, 'options.tolerance:'],
    ['a tolerance NaN', { tolerance: NaN }, RangeError, 'options.tolerance:'],
    ['a tolerance as text', { tolerance: '1' }, TypeError, 'options.tolerance:'],
    ['no sweeps', { maxSweeps: 0 }, RangeError, 'options.maxSweeps:'],
    ['half a sweep', { maxSweeps: 1.5 }, RangeError, 'options.maxSweeps:'],
    ['endless sweeps', { maxSweeps: Infinity }, RangeError, 'options.maxSweeps:'],
    ['a callback that is none', { onSweep: 1 }, TypeError, 'options.onSweep:'],
    ['another way with fractions', { playFraction: 'half' }, RangeError, 'options.playFraction:'],
  ])('%s', (_, options, error, path) => {
    const attempt = () => smooth(matches, model, unchecked<SmoothingOptions>(options));
    expect(attempt).toThrow(error);
    expect(attempt).toThrow(path);
  });

  it.each<[string, unknown, string]>([
    ['another model', ratingModel({ model: 'glicko2' }), '"glicko2"'],
    ['no model', undefined, 'undefined'],
    ['null', null, 'object'],
  ])('%s', (_, other, name) => {
    expect(() => smooth(matches, unchecked(other))).toThrow(
      `model: only the gaussian model can be smoothed, got ${name}`,
    );
  });

  it('a history that is wrong, by the place', () => {
    const backwards = [matches[1], matches[0]] as HistoryMatch[];
    expect(() => smooth(backwards, model)).toThrow(/^matches\[1\]\.at:/);
    expect(() => smooth(unchecked<HistoryMatch[]>(7), model)).toThrow(/^matches:/);
  });
});
