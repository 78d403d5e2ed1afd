import type { AuditEntryView } from './audit.js';
import type { MatchRow } from './matches.js';
import type { Overview } from './overview.js';
import type { QueueSummary } from './queues.js';
import type { LogLineView, ServerCommandView, ServerRow } from './servers.js';

/**
 * `GET /api/events?topics=overview,servers` → `text/event-stream`, to be read with `fetch` (the token travels in a header).
 *
 * Every event has an `event:` name and JSON `data:`; a comment comes every 15 s. There is no replay: after a break, load the
 * lists again and open a new stream. A reader that falls more than 1 MiB behind is cut off. The first event is `hello`; each
 * topic then sends its present state (`overview`, `queues`) or only what changes from then on (the others), once a second at
 * most.
 */
export type Topic = 'overview' | 'servers' | 'queues' | 'matches' | 'commands' | 'logs' | 'audit';

/** `serverId` narrows `commands` and `logs` to one game server. */
export interface EventsQuery {
  /** Names with commas between them; `overview` unless said. */
  topics?: string;
  serverId?: string;
}

/** Data by the name of the event. */
export interface Events {
  hello: { at: number; version: string; topics: Topic[] };
  overview: Overview;
  /** Rows that are new or differ. Servers are never removed. */
  servers: ServerRow[];
  queues: QueueSummary[];
  /** Matches that are new or changed. */
  matches: MatchRow[];
  /** Commands that are new or came further. */
  commands: ServerCommandView[];
  /** New lines, oldest first; 500 at most, `skipped` counts what was left out. */
  logs: { lines: LogLineView[]; skipped: number };
  audit: AuditEntryView[];
  /** The dashboard could not read the database; the next good poll is followed by data again. */
  trouble: { text: string };
}
