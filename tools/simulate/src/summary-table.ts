import type { Comparison } from './experiment.js';
import type { Summary } from './run-record.js';

const seconds = (value: number) => value.toFixed(value < 10 ? 2 : 0);
const points = (value: number) => value.toFixed(0);
const percent = (value: number) => (100 * value).toFixed(2);

/** What is printed of each policy, a line each. */
const ROWS: readonly (readonly [label: string, unit: string, cell: (summary: Summary) => string])[] = [
  ['joins', '', ({ joins }) => String(joins)],
  ['matches', '', ({ matches }) => String(matches)],
  ['wait, mean', 's', ({ wait }) => seconds(wait.mean)],
  ['wait, median', 's', ({ wait }) => seconds(wait.median)],
  ['wait, 95th percentile', 's', ({ wait }) => seconds(wait.p95)],
  ['wait, 99th percentile', 's', ({ wait }) => seconds(wait.p99)],
  ['beyond the limit', '%', ({ beyondLimit }) => percent(beyondLimit)],
  ['gave up unmatched', '%', ({ unmatched }) => percent(unmatched)],
  ['rating difference, mean', 'pts', ({ ratingGap }) => points(ratingGap.mean)],
  ['rating difference, 95th percentile', 'pts', ({ ratingGap }) => points(ratingGap.p95)],
  ['hidden difference, mean', 'pts', ({ hiddenGap }) => points(hiddenGap.mean)],
  ["favourite's chance, mean", '%', ({ favourite }) => percent(favourite.mean)],
  ["favourite's chance, 95th percentile", '%', ({ favourite }) => percent(favourite.p95)],
  ['spread inside a team, mean', 'pts', ({ teamSpread }) => points(teamSpread.mean)],
  ['latency of the slowest, mean', 'ms', ({ latency }) => points(latency.mean)],
  ['latency of the slowest, 95th percentile', 'ms', ({ latency }) => points(latency.p95)],
  ['ratings off by, at the end', 'pts', ({ ratingError }) => points(ratingError)],
];

const LABEL = 41;
const UNIT = 4;
const COLUMN = 20;

/** A column per policy. */
export function renderSummaries(summaries: readonly Summary[]): string[] {
  const head = ' '.repeat(LABEL + UNIT) + summaries.map(({ policy }) => policy.padStart(COLUMN)).join('');
  const rows = ROWS.map(
    ([label, unit, cell]) =>
      label.padEnd(LABEL) +
      unit.padEnd(UNIT) +
      summaries.map((summary) => cell(summary).padStart(COLUMN)).join(''),
  );
  return [head, ...rows];
}

/** A comparison at equal waits, in sentences. `limit`: seconds. */
export function renderComparison({ wait, ours, fixed, window, gain }: Comparison, limit: number): string[] {
  const less = gain >= 0 ? `${percent(gain)} % less` : `${percent(-gain)} % more`;
  return [
    `At an equal ${wait} wait (${seconds(ours.wait[wait])} s) a fixed window has ${window.toFixed(1)} points (${seconds(fixed.wait[wait])} s).`,
    `  Mean rating difference: ${ours.ratingGap.mean.toFixed(1)} points against ${fixed.ratingGap.mean.toFixed(1)}, ${less}.`,
    `  Waits, 99th percentile: ${seconds(ours.wait.p99)} s against ${seconds(fixed.wait.p99)} s; beyond the limit of ${limit} s: ${percent(ours.beyondLimit)} % against ${percent(fixed.beyondLimit)} %.`,
  ];
}
