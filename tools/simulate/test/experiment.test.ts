import { Experiment } from '../src/experiment.js';
import { defaultQueue } from '../src/queues-file.js';
import { DEFAULT_SCENARIO } from '../src/scenario.js';
import { renderComparison, renderSummaries } from '../src/summary-table.js';

const runs: string[] = [];
const listener = { begin: (label: string) => void runs.push(label), update: () => undefined };

/** A third of an hour of a busy queue: eight joins a second. */
const busy = { ...DEFAULT_SCENARIO, hours: 0.3, sessions: 15_000, players: 20_000 };

describe('a busy queue of duels', () => {
  const experiment = new Experiment(busy, defaultQueue(), listener);

  it.each([
    ['median', 1 / 3],
    ['mean', 0.2],
  ] as const)(
    'against a fixed window with an equal %s wait the rating difference is smaller by %d, and nobody waits too long',
    (wait, least) => {
      const { ours, fixed, gain, window } = experiment.compare(wait);
      expect(ours.joins).toBeGreaterThan(3000);
      expect(fixed.wait[wait]).toBeLessThanOrEqual(ours.wait[wait]);
      // Not by a window much wider than it need be.
      expect(fixed.wait[wait]).toBeGreaterThan(0.9 * ours.wait[wait]);
      expect(window).toBeGreaterThan(100);
      expect(gain).toBeGreaterThan(least);
      expect(ours.beyondLimit).toBeLessThan(0.01);
      expect(ours.unmatched).toBeLessThan(0.01);
    },
    300_000,
  );

  it('runs nothing twice', () => {
    const before = runs.length;
    experiment.compare('median');
    expect(runs).toHaveLength(before);
    expect(new Set(runs).size).toBe(runs.length);
  });
});

test('tables and sentences name every policy and every figure', () => {
  const scenario = { ...DEFAULT_SCENARIO, hours: 0.5, sessions: 300, players: 1000 };
  const experiment = new Experiment(scenario, defaultQueue(), listener);
  const comparison = experiment.compare('median');
  const summaries = [experiment.policy('first-come', 0).summary(), comparison.ours, comparison.fixed];
  const table = renderSummaries(summaries);
  expect(table[0]).toMatch(/first-come .*ours .*fixed window/);
  expect(new Set(table.map((line) => line.length)).size).toBe(1);
  expect(table.join('\n')).not.toMatch(/NaN|undefined/);
  expect(renderComparison(comparison, 180).join('\n')).toMatch(/equal median wait.*points[^]*limit of 180 s/);
});

test('a frontier goes through the setting that is looked at, from waiting to unevenness', () => {
  const scenario = { ...DEFAULT_SCENARIO, hours: 0.5, sessions: 1500, players: 5000 };
  const { policy, points } = new Experiment(scenario, defaultQueue(), listener).frontier('fixed', 100);
  expect(policy).toBe('fixed');
  expect(points.map(({ window }) => window)).toContain(100);
  const [narrow, wide] = [points[0]!.summary, points.at(-1)!.summary];
  expect(narrow.wait.mean).toBeGreaterThan(wide.wait.mean);
  expect(narrow.ratingGap.mean).toBeLessThan(wide.ratingGap.mean);
});
