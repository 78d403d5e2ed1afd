import { useMemo } from 'react';
import type { PlayerDetail, PlayerRating } from '../../api/contract.js';
import { useEndpoint } from '../../api/use-endpoint.js';
import { TimePlot, type TimePlotSeries } from '../../charts/time-plot.js';
import { percentText, tenthsText, wholeText, NO_VALUE } from '../../format/number-text.js';
import { clockText, dayText } from '../../format/time-text.js';
import { Time } from '../../time/time.js';
import { Choice } from '../../ui/choice.js';
import { DataTable, type Column } from '../../ui/data-table.js';
import { Empty, Failure, Loading } from '../../ui/page-states.js';

const COLUMNS: Column<PlayerRating>[] = [
  { header: 'Queue', cell: (rating) => rating.queue, wide: true },
  { header: 'Rating', cell: (rating) => wholeText(rating.display), numeric: true },
  { header: 'μ', cell: (rating) => tenthsText(rating.mu), numeric: true },
  { header: 'σ', cell: (rating) => tenthsText(rating.sigma), numeric: true },
  { header: 'Tier', cell: (rating) => rating.tier ?? NO_VALUE },
  {
    header: 'Place',
    cell: (rating) => `${wholeText(rating.rank)} of ${wholeText(rating.of)}`,
    numeric: true,
  },
  { header: 'Matches', cell: (rating) => wholeText(rating.games), numeric: true },
  {
    header: 'Won',
    cell: (rating) => (rating.games === 0 ? NO_VALUE : percentText(rating.wins / rating.games)),
    numeric: true,
  },
  { header: 'Last match', cell: (rating) => <Time at={rating.lastMatchAt} /> },
];

export interface PlayerRatingsProps {
  player: PlayerDetail;
  /** Queue whose plot is shown; the first he has a rating in, unless said. */
  queue: string | undefined;
  onQueue: (queue: string) => void;
}

/** His ratings, and how one of them came to be. */
export function PlayerRatings({ player, queue, onQueue }: PlayerRatingsProps) {
  const shown = player.ratings.find((rating) => rating.queue === queue)?.queue ?? player.ratings[0]?.queue;
  if (shown === undefined) return <Empty>No rated match yet.</Empty>;
  return (
    <>
      <DataTable
        caption="ratings"
        columns={COLUMNS}
        rows={player.ratings}
        rowKey={(rating) => rating.queue}
      />
      {player.ratings.length < 2 ? null : (
        <div className="filters">
          <Choice
            label="Plot"
            options={player.ratings.map((rating) => ({ value: rating.queue, label: rating.queue }))}
            value={shown}
            onChange={onQueue}
          />
        </div>
      )}
      <RatingPlot id={player.id} queue={shown} />
    </>
  );
}

function RatingPlot({ id, queue }: { id: string; queue: string }) {
  const history = useEndpoint('GET /api/players/:id/ratings', { params: { id }, query: { queue } });
  const points = history.data?.points;
  const at = useMemo(() => points?.map((point) => point.at) ?? [], [points]);
  const series = useMemo<TimePlotSeries[]>(
    () => [{ label: 'Rating', values: points?.map((point) => point.display) ?? [] }],
    [points],
  );
  const isShort = (at.at(-1) ?? 0) - (at[0] ?? 0) < 2 * 86_400_000;
  if (points === undefined) {
    return history.error ? (
      <Failure
        what="The rating plot cannot be shown."
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    ) : (
      <Loading what="the rating plot" />
    );
  }
  return (
    <TimePlot
      title={`Rating in ${queue}, last ${wholeText(points.length)} matches`}
      at={at}
      series={series}
      valueText={wholeText}
      fromZero={false}
      timeText={isShort ? clockText : dayText}
    />
  );
}
