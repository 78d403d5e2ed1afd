import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderChart, type Chart, type Series } from './chart.js';
import { quantile, summarise } from './distribution-summary.js';
import type { Frontier } from './experiment.js';
import type { RunRecord } from './run-record.js';

/** Seconds: matches are put together by how long their longest-waiting player waited. */
const WAITS = [0, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 240, 480];
/** Matches without which a mean says nothing. */
const FEWEST = 5;
const SHARES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999];
/** Seconds: what is shorter than this is shown as this. */
const SHORTEST = 0.05;

/** How even matches are, by how long they took to find. */
function qualityByWait(records: readonly RunRecord[]): Chart {
  const series: Series[] = records.map(({ policy, matches }) => ({
    name: policy,
    points: WAITS.slice(1).flatMap((until, i) => {
      const near = matches.filter(({ longestWait }) => longestWait > WAITS[i]! && longestWait <= until);
      if (near.length < FEWEST) return [];
      return [
        [
          summarise(near.map(({ longestWait }) => longestWait)).mean,
          summarise(near.map(({ ratingGap }) => ratingGap)).mean,
        ] as const,
      ];
    }),
  }));
  return {
    title: 'How even matches are, by the wait they took',
    x: { title: 'wait of the longest-waiting player of a match (seconds)', scale: 'log' },
    y: { title: 'mean rating difference (points)', scale: 'linear' },
    series,
  };
}

/** How long the shares of all joins waited. */
function waits(records: readonly RunRecord[]): Chart {
  return {
    title: 'How long players wait',
    x: { title: 'wait (seconds)', scale: 'log' },
    y: { title: 'share of joins that waited no longer (%)', scale: 'linear' },
    series: records.map((record) => {
      const sorted = Float64Array.from(record.waits).sort();
      return {
        name: record.policy,
        points: SHARES.map((share) => [Math.max(SHORTEST, quantile(sorted, share)), 100 * share] as const),
      };
    }),
  };
}

function frontierChart(frontiers: readonly Frontier[]): Chart {
  return {
    title: 'What each policy could offer, by the width of its window',
    x: { title: 'mean wait (seconds)', scale: 'log' },
    y: { title: 'mean rating difference (points)', scale: 'linear' },
    series: frontiers.map(({ policy, points }) => ({
      name: policy,
      points: points.map(({ summary }) => [summary.wait.mean, summary.ratingGap.mean] as const),
    })),
  };
}

/** Writes the charts of an experiment into a folder, which is made where it is missing. */
export async function writePlots(
  folder: string,
  records: readonly RunRecord[],
  frontiers: readonly Frontier[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const charts: readonly (readonly [file: string, chart: Chart])[] = [
    ['frontier.svg', frontierChart(frontiers)],
    ['quality-by-wait.svg', qualityByWait(records)],
    ['waits.svg', waits(records)],
  ];
  for (const [file, chart] of charts) await writeFile(join(folder, file), renderChart(chart));
}
