import { useMemo } from 'react';
import { Button, Disclosure, DisclosurePanel } from 'react-aria-components';
import uPlot from 'uplot';
import type { Histogram } from '../api/contract.js';
import { wholeText } from '../format/number-text.js';
import { CanvasPlot, type PlotColours } from './canvas-plot.js';
import { histogramSummary, histogramTotal, rangeText } from './histogram-text.js';
import { countAxisText, plotAxes } from './plot-axes.js';

export interface HistogramPlotProps {
  title: string;
  histogram: Histogram;
  /** Follows a value on the axis: ` s`. */
  unit?: string;
}

/** How many fall where: drawn, in a sentence, and as a table. */
export function HistogramPlot({ title, histogram, unit = '' }: HistogramPlotProps) {
  const { edges, counts } = histogram;
  const data = useMemo<uPlot.AlignedData>(() => [edges, [...counts, null]], [edges, counts]);
  const last = edges.at(-1) ?? 1;
  const first = edges[0] ?? 0;
  const options = useMemo(
    () =>
      (colours: PlotColours): Omit<uPlot.Options, 'width' | 'height'> => ({
        cursor: { show: false },
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [first, last] },
          y: { range: (_plot, _low, high) => [0, Math.max(1, (high ?? 1) * 1.1)] },
        },
        axes: plotAxes(colours, (value) => `${wholeText(value)}${unit}`, countAxisText),
        series: [
          {},
          {
            label: 'Players',
            stroke: colours.accent,
            fill: colours.accent,
            width: 0,
            points: { show: false },
            ...barsPath(),
          },
        ],
      }),
    [first, last, unit],
  );
  const total = histogramTotal(histogram);
  const summary = histogramSummary(title, histogram, unit);

  return (
    <figure className="plot">
      <figcaption className="plot-title">
        {title} <span className="muted">{wholeText(total)}</span>
      </figcaption>
      {total === 0 ? (
        <p className="empty">Nobody.</p>
      ) : (
        <>
          <CanvasPlot summary={summary} height={140} data={data} options={options} />
          <p className="plot-note">{summary}</p>
          <Disclosure className="plot-values">
            <Button slot="trigger" className="link-button">
              Values of {title.toLowerCase()}
            </Button>
            <DisclosurePanel>
              <table className="plain-table">
                <caption className="visually-hidden">{title}</caption>
                <thead>
                  <tr>
                    <th scope="col">Range</th>
                    <th scope="col" className="numeric">
                      Players
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {counts.map((count, bin) => (
                    <tr key={edges[bin]}>
                      <th scope="row">{rangeText(histogram, bin, unit)}</th>
                      <td className="numeric">{wholeText(count)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </DisclosurePanel>
          </Disclosure>
        </>
      )}
    </figure>
  );
}

/** Bars from each edge to the next. */
function barsPath(): Pick<uPlot.Series, 'paths'> {
  const paths = uPlot.paths.bars?.({ size: [0.92, 100], align: 1 });
  return paths === undefined ? {} : { paths };
}
