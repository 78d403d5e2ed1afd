import { Inject, Injectable } from '@nestjs/common';
import {
  dashboard,
  metricSamples,
  operatorCertificates,
  settings,
  type MetricSample,
  type ReadTx,
  type ServerOverview,
  type ServerRecord,
  type Store,
} from '@ranked/store';
import type { Overview, OverviewHistory, ServerRow, ServerState } from '../api/contract.js';
import { alarmsOf, THRESHOLDS } from '../overview/alarms.js';
import { historyOf, nodesOf, noteSightings, refusalsOf, type Sighting } from '../overview/history.js';
import { QueueBook } from '../queues/queue-book.js';
import { queueSummaries } from '../queues/queue-summary.js';
import { serverRow } from '../servers/server-row.js';
import type { StateContext } from '../servers/server-state.js';
import { maintenanceOf } from '../settings/maintenance.js';
import { STORE } from '../store/store.module.js';

/** A look is good for so long: however many ask within it, the database is asked once, ms. */
const FRESH_MS = 900;
/** Records of servers are sums over a week: once a minute is enough, ms. */
const RECORDS_FRESH_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
const HOUR_MS = 3_600_000;
const RECENT_MS = 600_000;
const DEFAULT_HEARTBEAT_MS = 5_000;

/** What was seen at one look. */
export interface Snapshot {
  at: number;
  book: QueueBook;
  context: StateContext;
  servers: ServerRow[];
  overview: Overview;
}

/**
 * What stands in the rows, looked at once for everybody: ten dashboards cost the database what one costs, and the master
 * nothing.
 */
@Injectable()
export class Board {
  /** Set when a check of the audit log found something; shown as an alarm until a check finds nothing. */
  auditFault: string | null = null;
  readonly counters = { looks: 0 };
  private latest: Promise<Snapshot> | undefined;
  private latestAt = -Infinity;
  private lookedAt: number | undefined;
  private records = new Map<string, ServerRecord>();
  private recordsAt = -Infinity;
  private samples: MetricSample[] = [];
  private readonly sightings = new Map<string, Sighting>();
  private bookText = '';
  private book = new QueueBook(null);

  constructor(@Inject(STORE) private readonly store: Store) {}

  /** What is so now, at most a second old. */
  look(): Promise<Snapshot> {
    const now = performance.now();
    if (this.latest && now - this.latestAt < FRESH_MS) return this.latest;
    const looked = this.store.read((tx) => this.snapshot(tx));
    this.latest = looked;
    this.latestAt = now;
    // One that failed is not shown to those who come later.
    looked.catch(() => {
      if (this.latest === looked) this.latest = undefined;
    });
    return looked;
  }

  /** Makes the next look a new one, after something was changed here. */
  forget(): void {
    this.latest = undefined;
  }

  /** The last hour. */
  async history(): Promise<OverviewHistory> {
    const { at } = await this.look();
    return historyOf(this.samples, at);
  }

  /** How a server is to be shown. */
  recordOf(serverId: string): ServerRecord | undefined {
    return this.records.get(serverId);
  }

  private async snapshot(tx: ReadTx): Promise<Snapshot> {
    this.counters.looks += 1;
    const now = tx.now();
    await this.readSamples(tx, now);
    await this.readRecords(tx, now);
    await this.readBook(tx);
    const context: StateContext = {
      now,
      heartbeatMs: this.samples.at(-1)?.sample.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
      masterKeyId: await settings.masterKeyId(tx),
    };
    const overviews = await dashboard.serverOverviews(tx);
    const servers = overviews.map((one) => serverRow(one, this.records.get(one.id), context));
    const overview = await this.overview(tx, { overviews, servers, context });
    this.lookedAt = now;
    return { at: now, book: this.book, context, servers, overview };
  }

  private async overview(
    tx: ReadTx,
    {
      overviews,
      servers,
      context,
    }: { overviews: ServerOverview[]; servers: ServerRow[]; context: StateContext },
  ): Promise<Overview> {
    const { now } = context;
    const waiting = await dashboard.waitingByQueue(tx);
    const made = await dashboard.madeByQueue(tx, now - RECENT_MS);
    const counts = await dashboard.matchCounts(tx, now - HOUR_MS);
    const maintenance = await maintenanceOf(tx);
    const queues = queueSummaries(
      this.book,
      {
        waiting,
        made,
        servers: overviews.map((overview, n) => ({ overview, row: servers[n] ?? { state: 'offline' } })),
      },
      now,
    );
    const nodes = nodesOf(this.samples, this.sightings, now);
    const present = nodes.filter((node) => node.present);
    const refusals = refusalsOf(this.samples);
    const matched = made.reduce((all, one) => all + one.players, 0);
    const longest = queues.flatMap(({ longestWaitMs }) => (longestWaitMs === null ? [] : [longestWaitMs]));
    return {
      at: now,
      players: {
        online: present.length === 0 ? null : present.reduce((all, one) => all + one.playersConnected, 0),
        waiting: waiting.reduce((all, one) => all + one.waiting, 0),
        playing: await dashboard.playing(tx),
      },
      servers: countStates(servers),
      matches: {
        reserving: counts['reserving'] ?? 0,
        checking: counts['checking'] ?? 0,
        ready: counts['ready'] ?? 0,
        running: counts['running'] ?? 0,
        finished: counts['finished'] ?? 0,
        abandoned: counts['abandoned'] ?? 0,
        cancelled: counts['cancelled'] ?? 0,
      },
      queues,
      waits: {
        meanMs:
          matched === 0
            ? null
            : Math.round(made.reduce((all, one) => all + (one.meanWaitMs ?? 0) * one.players, 0) / matched),
        longestMs: longest.length === 0 ? null : Math.max(...longest),
      },
      nodes,
      refusals,
      maintenance,
      alarms: alarmsOf({
        now,
        servers,
        lost: await dashboard.lostMatches(tx),
        queues,
        nodes,
        refusals,
        ...(await expiring(tx, context)),
        maintenance,
        auditFault: this.auditFault,
      }),
    };
  }

  private async readSamples(tx: ReadTx, now: number): Promise<void> {
    const newest = Math.max(0, ...this.samples.map(({ at }) => at));
    // A few seconds back as well: clocks of masters differ.
    const since = Math.max(now - HOUR_MS, newest - 60_000);
    const fresh = await metricSamples.after(tx, since);
    this.samples = [...this.samples.filter(({ at }) => at <= since && at > now - HOUR_MS), ...fresh];
    noteSightings(this.sightings, this.samples, now, this.lookedAt);
  }

  private async readRecords(tx: ReadTx, now: number): Promise<void> {
    if (now - this.recordsAt < RECORDS_FRESH_MS) return;
    const records = await dashboard.serverRecords(tx, now - WEEK_MS);
    this.records = new Map(records.map((record) => [record.serverId, record]));
    this.recordsAt = now;
  }

  private async readBook(tx: ReadTx): Promise<void> {
    const stored = await settings.queuesInForce(tx);
    const text = JSON.stringify(stored);
    if (text === this.bookText) return;
    this.book = new QueueBook(stored);
    this.bookText = text;
  }
}

/** Certificates in force that run out soon. */
async function expiring(
  tx: ReadTx,
  { now, masterKeyId }: StateContext,
): Promise<{
  expiring: { uuid: string; name: string; expiresAt: number }[];
  operators: { name: string; expiresAt: number }[];
}> {
  const seconds = Math.floor(now / 1000);
  const until = seconds + THRESHOLDS.certificateDays * 86_400;
  const servers = await dashboard.certificatePage(tx, {
    revoked: false,
    expiresAfter: seconds,
    expiresUntil: until,
    ...(masterKeyId !== null && { masterKeyId }),
    limit: 1_000,
  });
  const operators = await operatorCertificates.list(tx, { limit: 1_000 });
  const inForce = operators.filter(({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > seconds);
  // Who has another certificate that lasts longer is not warned of the one that ends.
  const longest = new Map<string, number>();
  for (const { name, expiresAt } of inForce) longest.set(name, Math.max(expiresAt, longest.get(name) ?? 0));
  return {
    expiring: servers.map(({ uuid, name, expiresAt }) => ({ uuid, name, expiresAt: expiresAt * 1000 })),
    operators: [...longest]
      .filter(([, expiresAt]) => expiresAt - seconds < THRESHOLDS.urgentCertificateDays * 86_400)
      .map(([name, expiresAt]) => ({ name, expiresAt: expiresAt * 1000 })),
  };
}

function countStates(servers: readonly ServerRow[]): Record<ServerState, number> {
  const counts: Record<ServerState, number> = {
    online: 0,
    full: 0,
    closed: 0,
    draining: 0,
    resting: 0,
    silent: 0,
    offline: 0,
    revoked: 0,
    expired: 0,
  };
  for (const { state } of servers) counts[state] += 1;
  return counts;
}
