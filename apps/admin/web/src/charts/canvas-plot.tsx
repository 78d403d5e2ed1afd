import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useAppliedTheme } from '../layout/theme.js';

/** Colours that a plot draws with, taken from the style sheet so that they follow the theme. */
export interface PlotColours {
  ink: string;
  muted: string;
  grid: string;
  accent: string;
  font: string;
}

export interface CanvasPlotProps {
  /** Says in words what the plot shows. */
  summary: string;
  height: number;
  data: uPlot.AlignedData;
  /** Everything but the size. Must stay the same object while nothing but the data changes. */
  options: (colours: PlotColours) => Omit<uPlot.Options, 'width' | 'height'>;
}

/** A uPlot drawing that follows its container's width, the theme and its data. */
export function CanvasPlot({ summary, height, data, options }: CanvasPlotProps) {
  const container = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  const theme = useAppliedTheme();

  useEffect(() => {
    latest.current = data;
    plot.current?.setData(data);
  }, [data]);

  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const size = () => ({ width: Math.max(160, element.clientWidth), height });
    const drawn = new uPlot({ ...options(coloursOf(element)), ...size() }, latest.current, element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [options, height, theme]);

  return <div ref={container} className="plot-canvas" role="img" aria-label={summary} />;
}

function coloursOf(element: Element): PlotColours {
  const style = getComputedStyle(element);
  // A custom property comes back as it was written; only a real colour property comes back as one that a canvas knows.
  const probe = document.createElement('span');
  element.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours: PlotColours = {
    ink: colour('--ink'),
    muted: colour('--muted'),
    grid: colour('--line'),
    accent: colour('--accent'),
    font: `11px ${style.fontFamily}`,
  };
  probe.remove();
  return colours;
}
