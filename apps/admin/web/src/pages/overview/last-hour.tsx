import { useMemo } from 'react';
import type { OverviewHistory } from '../../api/contract.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { countAxisText } from '../../charts/plot-axes.js';
import { TimePlot, type TimePlotSeries } from '../../charts/time-plot.js';
import { durationText } from '../../format/duration.js';
import { tenthsText, wholeText } from '../../format/number-text.js';
import { Failure, Loading } from '../../ui/page-states.js';

/** A sample is written every ten seconds. */
const EVERY_MS = 10_000;
const secondsText = (ms: number): string => `${wholeText(ms / 1000)} s`;
const millisecondsText = (ms: number): string => `${wholeText(ms)} ms`;
const tickText = (ms: number): string => `${tenthsText(ms)} ms`;

/** Plots of the last hour, their cursors joined. */
export function LastHour() {
  const history = useEndpoint('GET /api/overview/history', {}, { every: EVERY_MS });
  if (history.data === undefined) {
    if (!history.error) return <Loading what="the last hour" />;
    return (
      <Failure
        what="The last hour cannot be shown."
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    );
  }
  return <Plots history={history.data} />;
}

function Plots({ history }: { history: OverviewHistory }) {
  const players = useMemo<TimePlotSeries[]>(
    () => [
      { label: 'Online', values: history.playersOnline },
      { label: 'Waiting', values: history.playersWaiting },
    ],
    [history],
  );
  const queues = useMemo<TimePlotSeries[]>(
    () =>
      Object.entries(history.waitingByQueue)
        .slice(0, 4)
        .map(([label, values]) => ({ label, values })),
    [history],
  );
  const matches = useMemo<TimePlotSeries[]>(
    () => [
      { label: 'Matches running', values: history.matchesRunning },
      { label: 'Servers online', values: history.serversOnline },
    ],
    [history],
  );
  const waits = useMemo<TimePlotSeries[]>(
    () => [{ label: 'Mean wait', values: history.meanWaitMs }],
    [history],
  );
  const ticks = useMemo<TimePlotSeries[]>(
    () => [{ label: 'Longest tick', values: history.tickMs }],
    [history],
  );
  const refusals = useMemo<TimePlotSeries[]>(
    () => [{ label: 'Refusals', values: history.refusals }],
    [history],
  );
  const shared = { at: history.at, cursorKey: 'last-hour' };
  return (
    <div className="plots">
      <TimePlot {...shared} title="Players" series={players} valueText={wholeText} axisText={countAxisText} />
      <TimePlot
        {...shared}
        title="Waiting by queue"
        series={queues}
        valueText={wholeText}
        axisText={countAxisText}
      />
      <TimePlot
        {...shared}
        title="Matches and servers"
        series={matches}
        valueText={wholeText}
        axisText={countAxisText}
      />
      <TimePlot
        {...shared}
        title="Mean wait until matched"
        series={waits}
        valueText={durationText}
        axisText={secondsText}
      />
      <TimePlot
        {...shared}
        title="Longest tick"
        series={ticks}
        valueText={tickText}
        axisText={millisecondsText}
      />
      <TimePlot
        {...shared}
        title="Refusals"
        series={refusals}
        valueText={wholeText}
        axisText={countAxisText}
      />
    </div>
  );
}
