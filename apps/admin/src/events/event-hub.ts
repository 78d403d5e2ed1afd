import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { auditLog, dashboard, type Store } from '@ranked/store';
import type {
  AuditEntryView,
  LogLineView,
  MatchRow,
  ServerCommandView,
  ServerRow,
  Topic,
} from '../api/contract.js';
import { auditView } from '../audit/audit-view.js';
import { Board, type Snapshot } from '../board/board.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { matchRow } from '../matches/match-row.js';
import { commandView } from '../servers/command-view.js';
import { logLineView } from '../servers/log-line-view.js';
import { STORE } from '../store/store.module.js';
import { VERSION } from '../version.js';
import { Changes } from './changes.js';
import { COMMENT_FRAME, eventFrame, type EventStream } from './event-stream.js';

const LOOK_MS = 1_000;
const COMMENT_MS = 15_000;
/** Streams at once, of all and of one certificate. */
const MAX_STREAMS = 64;
const MAX_STREAMS_EACH = 16;
/** Log lines told at one look. */
const MAX_LINES = 500;
/** Changes are stamped before their commit: each look reaches back this far beyond the one before, ms. */
const OVERLAP_MS = 3_000;

/** Looks at the rows once a second for as long as anybody listens, and tells all what has changed. */
@Injectable()
export class EventHub implements OnApplicationShutdown {
  readonly counters = { streams: 0, looks: 0, cutOff: 0 };
  private readonly streams = new Set<EventStream>();
  private readonly servers = new Changes<ServerRow>(({ id }) => id);
  private readonly matches = new Changes<MatchRow>(({ id }) => id);
  private readonly commands = new Changes<ServerCommandView>(({ id }) => id);
  private timer: NodeJS.Timeout | undefined;
  private lookedAt: number | undefined;
  private commentedAt = 0;
  private lastLogId: number | undefined;
  private lastAuditId: number | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Takes a reader in and sends what is so now.
   * @returns false when there are too many
   */
  async add(stream: EventStream): Promise<boolean> {
    const own = [...this.streams].filter(({ owner }) => owner === stream.owner).length;
    if (this.streams.size >= MAX_STREAMS || own >= MAX_STREAMS_EACH) return false;
    this.streams.add(stream);
    this.counters.streams += 1;
    stream.open();
    stream.send(eventFrame('hello', { at: Date.now(), version: VERSION, topics: [...stream.topics] }));
    const { overview } = await this.board.look();
    if (stream.topics.has('overview')) stream.send(eventFrame('overview', overview));
    if (stream.topics.has('queues')) stream.send(eventFrame('queues', overview.queues));
    this.timer ??= setTimeout(() => void this.round(), LOOK_MS);
    return true;
  }

  remove(stream: EventStream): void {
    this.streams.delete(stream);
  }

  /** Ends all streams. */
  onApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const stream of this.streams) stream.close();
    this.streams.clear();
  }

  private async round(): Promise<void> {
    try {
      await this.tell();
    } catch (error) {
      this.log.error({ err: error }, 'the database could not be read for the dashboards');
      this.broadcast(() => eventFrame('trouble', { text: 'The database cannot be read.' }));
    }
    // Nobody listens any more: what was shown is forgotten, and the next look begins anew.
    if (this.streams.size === 0) {
      this.timer = undefined;
      this.forget();
    } else if (this.timer !== undefined) this.timer = setTimeout(() => void this.round(), LOOK_MS);
  }

  private async tell(): Promise<void> {
    this.counters.looks += 1;
    const snapshot = await this.board.look();
    this.tellSnapshot(snapshot);
    await this.tellMatches(snapshot.at);
    await this.tellCommands(snapshot.at);
    await this.tellLogs();
    await this.tellAudit();
    this.lookedAt = snapshot.at;
    if (snapshot.at - this.commentedAt < COMMENT_MS) return;
    this.commentedAt = snapshot.at;
    this.broadcast(() => COMMENT_FRAME);
  }

  private tellSnapshot({ overview, servers }: Snapshot): void {
    const isFirst = this.lookedAt === undefined;
    const changed = this.servers.take(servers);
    this.toTopic('overview', () => eventFrame('overview', overview));
    this.toTopic('queues', () => eventFrame('queues', overview.queues));
    // The first look only learns what there is: readers have loaded it themselves.
    if (!isFirst && changed.length > 0) this.toTopic('servers', () => eventFrame('servers', changed));
  }

  private async tellMatches(at: number): Promise<void> {
    if (!this.isWanted('matches')) return;
    const since = (this.lookedAt ?? at) - OVERLAP_MS;
    const rows = await this.store.read((tx) => dashboard.matchesChangedSince(tx, since));
    const changed = this.matches.take(rows.map(matchRow));
    if (changed.length > 0) this.toTopic('matches', () => eventFrame('matches', changed));
  }

  private async tellCommands(at: number): Promise<void> {
    if (!this.isWanted('commands')) return;
    const since = (this.lookedAt ?? at) - OVERLAP_MS;
    const rows = await this.store.read((tx) => dashboard.commandsChangedSince(tx, since));
    const changed = this.commands.take(rows.map(commandView));
    this.perServer('commands', changed, (own) => own);
  }

  private async tellLogs(): Promise<void> {
    if (!this.isWanted('logs')) {
      this.lastLogId = undefined;
      return;
    }
    const after = this.lastLogId;
    const newest = await this.store.read((tx) => dashboard.lastLogId(tx));
    this.lastLogId = newest;
    if (after === undefined || newest <= after) return;
    // Of a flood the newest lines are told, and how many were not.
    const rows = await this.store.read((tx) =>
      dashboard.logLines(tx, { before: newest + 1, limit: MAX_LINES }),
    );
    const lines = rows
      .filter(({ id }) => id > after)
      .reverse()
      .map(logLineView);
    const skipped = rows.length < MAX_LINES ? 0 : Math.max(0, newest - after - lines.length);
    this.perServer<LogLineView>('logs', lines, (own) => ({ lines: own, skipped }));
  }

  private async tellAudit(): Promise<void> {
    if (!this.isWanted('audit')) {
      this.lastAuditId = undefined;
      return;
    }
    const after = this.lastAuditId;
    const rows = await this.store.read((tx) =>
      auditLog.list(tx, after === undefined ? { limit: 1 } : { after, limit: 200 }),
    );
    this.lastAuditId = rows[0]?.id ?? after ?? 0;
    if (after === undefined || rows.length === 0) return;
    const entries: AuditEntryView[] = rows.reverse().map(auditView);
    this.toTopic('audit', () => eventFrame('audit', entries));
  }

  private isWanted(topic: Topic): boolean {
    return [...this.streams].some(({ topics }) => topics.has(topic));
  }

  private toTopic(topic: Topic, frame: () => string): void {
    this.broadcast(frame, ({ topics }) => topics.has(topic));
  }

  /** Each reader gets the rows of the server that he asked for, or all. */
  private perServer<Row extends { serverId: string }>(
    topic: Topic,
    rows: readonly Row[],
    data: (own: Row[]) => unknown,
  ): void {
    if (rows.length === 0) return;
    const wanted = new Set(
      [...this.streams].filter(({ topics }) => topics.has(topic)).map(({ serverId }) => serverId),
    );
    for (const serverId of wanted) {
      const own = rows.filter((row) => serverId === undefined || row.serverId === serverId);
      if (own.length === 0) continue;
      this.broadcast(
        () => eventFrame(topic, data(own)),
        (stream) => stream.topics.has(topic) && stream.serverId === serverId,
      );
    }
  }

  /** A frame is made once, however many read it. */
  private broadcast(frame: () => string, to: (stream: EventStream) => boolean = () => true): void {
    const readers = [...this.streams].filter(to);
    if (readers.length === 0) return;
    const text = frame();
    for (const stream of readers) {
      if (stream.send(text)) continue;
      this.counters.cutOff += 1;
      this.streams.delete(stream);
    }
  }

  private forget(): void {
    this.lookedAt = undefined;
    this.lastLogId = undefined;
    this.lastAuditId = undefined;
    for (const changes of [this.servers, this.matches, this.commands]) changes.clear();
  }
}
