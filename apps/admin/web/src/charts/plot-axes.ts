import type uPlot from 'uplot';
import { wholeText } from '../format/number-text.js';
import type { PlotColours } from './canvas-plot.js';

/** A count on an axis; between whole numbers nothing is written. */
export function countAxisText(value: number): string {
  return Number.isInteger(value) ? wholeText(value) : '';
}

/** The two axes of every plot: quiet, in the page's own type. */
export function plotAxes(
  colours: PlotColours,
  xText: (value: number) => string,
  yText: (value: number) => string,
): uPlot.Axis[] {
  const shared = {
    stroke: colours.muted,
    font: colours.font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...shared,
      grid: { show: false },
      size: 24,
      gap: 4,
      space: 60,
      values: (_plot, splits) => splits.map(xText),
    },
    { ...shared, size: 52, gap: 6, space: 32, values: (_plot, splits) => splits.map(yText) },
  ];
}
