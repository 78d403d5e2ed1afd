import type { Histogram } from '../api/contract.js';
import { wholeText } from '../format/number-text.js';

/** How many a histogram counts. */
export function histogramTotal(histogram: Histogram): number {
  return histogram.counts.reduce((sum, count) => sum + count, 0);
}

/** A histogram in words: how many, and where most of them are. `unit` follows a number: ` s`. */
export function histogramSummary(label: string, histogram: Histogram, unit = ''): string {
  const total = histogramTotal(histogram);
  if (total === 0) return `${label}: nobody.`;
  const most = histogram.counts.indexOf(Math.max(...histogram.counts));
  const median = binOf(histogram, total / 2);
  return (
    `${label}: ${wholeText(total)} in all, the median is ${rangeText(histogram, median, unit)}, ` +
    `most (${wholeText(histogram.counts[most])}) are ${rangeText(histogram, most, unit)}.`
  );
}

/** From where to where a bin goes. */
export function rangeText(histogram: Histogram, bin: number, unit = ''): string {
  return `${wholeText(histogram.edges[bin])} to ${wholeText(histogram.edges[bin + 1])}${unit}`;
}

function binOf(histogram: Histogram, rank: number): number {
  let seen = 0;
  for (const [bin, count] of histogram.counts.entries()) {
    seen += count;
    if (seen >= rank) return bin;
  }
  return Math.max(0, histogram.counts.length - 1);
}
