import { useMemo } from 'react';
import { Button, Disclosure, DisclosurePanel } from 'react-aria-components';
import type uPlot from 'uplot';
import { NO_VALUE } from '../format/number-text.js';
import { clockText } from '../format/time-text.js';
import { CanvasPlot, type PlotColours } from './canvas-plot.js';
import { plotAxes } from './plot-axes.js';
import { plotSummary, thinned } from './plot-summary.js';

/** A line. The first of a plot is drawn in the accent; others in ink, each with its own dashes. */
export interface TimePlotSeries {
  label: string;
  values: (number | null)[];
}

export interface TimePlotProps {
  title: string;
  /** Unix ms. */
  at: number[];
  series: TimePlotSeries[];
  /** A value for people, and a short one for the axis. Must stay the same functions. */
  valueText: (value: number) => string;
  axisText?: (value: number) => string;
  /** What joins the cursors of several plots. */
  cursorKey?: string;
  /** Whether the axis starts at zero: yes for counts, no for ratings. */
  fromZero?: boolean;
  /** Text of a time, on the axis and in the table. */
  timeText?: (at: number) => string;
}

const DASHES: (number[] | undefined)[] = [undefined, [6, 4], [2, 3], [10, 4, 2, 4]];
const TABLE_ROWS = 30;

/** Values over time: drawn, in a sentence, and as a table. */
export function TimePlot(props: TimePlotProps) {
  const {
    title,
    at,
    series,
    valueText,
    axisText = valueText,
    cursorKey,
    fromZero = true,
    timeText = clockText,
  } = props;
  const data = useMemo<uPlot.AlignedData>(
    () => [at.map((time) => time / 1000), ...series.map((one) => one.values)],
    [at, series],
  );
  const shape = JSON.stringify(series.map(({ label }) => label));
  const options = useMemo(() => {
    const lines = JSON.parse(shape) as string[];
    return (colours: PlotColours): Omit<uPlot.Options, 'width' | 'height'> => ({
      cursor: {
        drag: { x: false, y: false },
        ...(cursorKey === undefined ? {} : { sync: { key: cursorKey } }),
      },
      legend: { show: true, live: true },
      scales: { y: { range: (_plot, low, high) => yRange(low, high, fromZero) } },
      axes: plotAxes(colours, (seconds) => timeText(seconds * 1000), axisText),
      series: [
        {
          label: 'Time',
          value: (plot, seconds, _series, index) =>
            timeText(((index === null ? plot.data[0].at(-1) : seconds) ?? 0) * 1000),
        },
        ...lines.map((label, index): uPlot.Series => {
          const dash = DASHES[index % DASHES.length];
          return {
            label,
            stroke: index === 0 ? colours.accent : colours.ink,
            width: 1.5,
            ...(dash === undefined ? {} : { dash }),
            points: { show: false },
            value: (plot, value, column, at) =>
              shownValue(at === null ? lastValue(plot.data[column]) : value, valueText),
          };
        }),
      ],
    });
  }, [shape, cursorKey, fromZero, axisText, valueText, timeText]);
  const summary = series.map((one) => plotSummary(one.label, at, one.values, valueText, timeText)).join(' ');

  return (
    <figure className="plot">
      <figcaption className="plot-title">{title}</figcaption>
      {at.length === 0 ? (
        <p className="empty">No values yet.</p>
      ) : (
        <CanvasPlot summary={`${title}. ${summary}`} height={140} data={data} options={options} />
      )}
      <Disclosure className="plot-values">
        <Button slot="trigger" className="link-button">
          Values of {title.toLowerCase()}
        </Button>
        <DisclosurePanel>
          <p>{summary}</p>
          <div className="table-scroll">
            <table className="plain-table">
              <caption className="visually-hidden">{title}</caption>
              <thead>
                <tr>
                  <th scope="col">Time</th>
                  {series.map((one) => (
                    <th scope="col" key={one.label} className="numeric">
                      {one.label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {thinned(at.length, TABLE_ROWS).map((index) => (
                  <tr key={index}>
                    <th scope="row">{timeText(at[index] ?? 0)}</th>
                    {series.map((one) => {
                      const value = one.values[index] ?? null;
                      return (
                        <td key={one.label} className="numeric">
                          {value === null ? NO_VALUE : valueText(value)}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </DisclosurePanel>
      </Disclosure>
    </figure>
  );
}

/** Where nobody points at anything, the legend says how it stands. */
function lastValue(values: uPlot.AlignedData[number] | undefined): number | null {
  return Array.from(values ?? []).findLast((value) => typeof value === 'number') ?? null;
}

function shownValue(value: number | null | undefined, valueText: (value: number) => string): string {
  return value === null || value === undefined ? NO_VALUE : valueText(value);
}

function yRange(low: number | null, high: number | null, fromZero: boolean): [number, number] {
  const top = high ?? 1;
  if (fromZero) return [0, Math.max(1, top * 1.1)];
  const bottom = low ?? 0;
  const room = Math.max(10, (top - bottom) * 0.1);
  return [bottom - room, top + room];
}
