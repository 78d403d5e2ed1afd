import { Link } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { LogQuery } from '../../api/contract.js';
import { useList } from '../../api/use-endpoint.js';
import { countText } from '../../format/number-text.js';
import { PAUSE_EVENT } from '../../layout/pause-event.js';
import { useLive } from '../../live/live-context.js';
import { Button } from '../../ui/button.js';
import { Choice } from '../../ui/choice.js';
import { ExportButton } from '../../ui/export-button.js';
import { Empty, Failure, Loading } from '../../ui/page-states.js';
import { SearchBox } from '../../ui/search-box.js';
import { follow, joinLines, matchesFilter, NO_LINES, release, type FollowedLines } from './followed-lines.js';
import { LogLines } from './log-lines.js';

const LEVELS = [
  { value: '', label: 'All' },
  { value: 'info', label: 'Info' },
  { value: 'warn', label: 'Warning' },
  { value: 'error', label: 'Error' },
] as const;

export interface LogStreamProps {
  /** Null: all servers. */
  serverId: string | null;
  filter: Pick<LogQuery, 'q' | 'level' | 'serverId'>;
  onFilter: (change: Pick<LogQuery, 'q' | 'level' | 'serverId'>) => void;
}

/** What game servers say, newest first, going on by itself until it is paused. */
export function LogStream({ serverId, filter, onFilter }: LogStreamProps) {
  // Another filter begins another list.
  const key = JSON.stringify([serverId, filter.q, filter.level, filter.serverId]);
  return (
    <>
      <div className="filters">
        <SearchBox
          label="Search"
          placeholder="Text in the line"
          value={filter.q ?? ''}
          onChange={(q) => onFilter({ q: q || undefined })}
        />
        <Choice
          label="Level"
          options={LEVELS}
          value={filter.level ?? ''}
          onChange={(level) => onFilter({ level: level || undefined })}
        />
        {filter.serverId === undefined ? null : (
          <Button onPress={() => onFilter({ serverId: undefined })}>All servers</Button>
        )}
      </div>
      <Lines key={key} serverId={serverId} filter={filter} />
    </>
  );
}

function Lines({ serverId, filter }: Pick<LogStreamProps, 'serverId' | 'filter'>) {
  const [isPaused, setPaused] = useState(false);
  const [followed, setFollowed] = useState<FollowedLines>(NO_LINES);
  const ofServer = useList(
    'GET /api/servers/:id/logs',
    { params: { id: serverId ?? '' }, query: { q: filter.q, level: filter.level } },
    { enabled: serverId !== null },
  );
  const ofAll = useList('GET /api/logs', { query: filter }, { enabled: serverId === null });
  const loaded = serverId === null ? ofAll : ofServer;

  useLive({
    topics: ['logs'],
    serverId: serverId ?? undefined,
    onEvent: (event) => {
      if (event.name === 'hello') setFollowed(NO_LINES);
      if (event.name !== 'logs') return;
      const wanted = { ...filter, serverId: serverId ?? filter.serverId };
      const arrived = event.data.lines.filter((line) => matchesFilter(line, wanted));
      if (arrived.length > 0 || event.data.skipped > 0) {
        setFollowed((before) => follow(before, arrived, event.data.skipped, isPaused));
      }
    },
  });
  const setPausedTo = (next: boolean) => {
    setPaused(next);
    if (!next) setFollowed(release);
  };
  useEffect(() => {
    const onKey = () => {
      setPaused((before) => {
        if (before) setFollowed(release);
        return !before;
      });
    };
    document.addEventListener(PAUSE_EVENT, onKey);
    return () => document.removeEventListener(PAUSE_EVENT, onKey);
  }, []);

  const lines = joinLines(followed.lines, loaded.data?.pages.flatMap((page) => page.items) ?? []);
  return (
    <>
      <div className="log-tools">
        <Button
          icon={isPaused ? <Play size={16} aria-hidden /> : <Pause size={16} aria-hidden />}
          onPress={() => setPausedTo(!isPaused)}
        >
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
        <span role="status" className="muted">
          {isPaused ? `Paused, ${countText(followed.held.length, 'new line')}.` : 'Newest first, following.'}
          {followed.skipped > 0 ? ` ${countText(followed.skipped, 'line')} left out: too many at once.` : ''}
        </span>
        {serverId === null ? (
          <ExportButton name="GET /api/logs" input={{ query: filter }} fileName="logs" />
        ) : (
          <ExportButton
            name="GET /api/servers/:id/logs"
            input={{ params: { id: serverId }, query: { q: filter.q, level: filter.level } }}
            fileName="server-log"
          />
        )}
      </div>
      {loaded.error ? (
        <Failure what="The log cannot be shown." error={loaded.error} onRetry={() => void loaded.refetch()} />
      ) : null}
      {loaded.data === undefined && !loaded.error ? <Loading what="the log" /> : null}
      {loaded.data !== undefined && lines.length === 0 ? (
        <Empty>{(filter.q ?? filter.level) ? 'No line is like that.' : 'Nothing was logged yet.'}</Empty>
      ) : null}
      {lines.length > 0 ? (
        <LogLines
          lines={lines}
          server={
            serverId === null
              ? (line) => (
                  <Link to="/servers/$id" params={{ id: line.serverId }}>
                    {line.serverName}
                  </Link>
                )
              : null
          }
        />
      ) : null}
      {loaded.hasNextPage ? (
        <p className="list-end">
          <Button isPending={loaded.isFetchingNextPage} onPress={() => void loaded.fetchNextPage()}>
            Load older
          </Button>
        </p>
      ) : null}
    </>
  );
}
