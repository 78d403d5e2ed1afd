import type {
  ActionResult,
  AuditAction,
  AuditEntryView,
  CertificateView,
  Impact,
  LogLineView,
  MaintenanceView,
  MatchDetail,
  Overview,
  PlayerDetail,
  QueueEntryView,
  QueueSummary,
  ServerCommandView,
  ServerDetail,
  SettingsView,
} from '../../src/api/contract.js';
import { notFound } from './fake-problem.js';
import { makeAudit } from './world/audit.js';
import { Chance } from './world/chance.js';
import { makeConfigs, makeEntries, makeMatches, makeQueues, matchRow } from './world/games.js';
import { makeCertificates, makeCommands, makeLogs, makeServers } from './world/machines.js';
import { makeOverview } from './world/overview.js';
import { makePlayers } from './world/people.js';

/** Everything that the fake dashboard server knows; actions change it. */
export class FakeWorld {
  readonly chance = new Chance(20261122);
  readonly startedAt = Date.now();
  readonly servers: ServerDetail[];
  readonly players: PlayerDetail[];
  readonly matches: MatchDetail[];
  readonly certificates: CertificateView[];
  readonly audit: AuditEntryView[];
  readonly logs: LogLineView[];
  readonly queues: QueueSummary[];
  readonly settings: SettingsView;
  entries: QueueEntryView[];
  overview: Overview;
  /** Bodies of the actions that were done, in order. */
  readonly actions: { action: AuditAction; detail: Record<string, unknown> }[] = [];

  constructor() {
    const { chance, startedAt: now } = this;
    this.servers = makeServers(chance, now);
    this.players = makePlayers(chance, now);
    this.matches = makeMatches(chance, this.servers, this.players, now);
    this.certificates = makeCertificates(chance, this.servers, now);
    this.logs = makeLogs(this.servers, now);
    this.audit = makeAudit(now);
    this.entries = makeEntries(chance, this.players, now);
    this.queues = makeQueues(this.entries.length);
    this.overview = makeOverview(this.servers, this.queues, now);
    this.settings = {
      queues: makeConfigs(),
      maintenance: this.overview.maintenance,
      addresses: {
        fixed: ['127.0.0.0/8', '::1'],
        entries: [{ address: '203.0.113.0/24', note: 'office' }],
        own: '127.0.0.1',
        kernelFilter: { active: false, reason: 'CAP_NET_ADMIN is missing; others are reset at accept' },
      },
      version: '0.1.0',
    };
    for (const match of this.matches) {
      if (match.endedAt !== null) continue;
      this.servers.find((server) => server.id === match.serverId)?.liveMatches.push(matchRow(match));
    }
    for (const entry of this.entries) {
      this.player(entry.accountId).place = { kind: 'queue', queue: 'duel', joinedAt: entry.joinedAt };
    }
    const first = this.servers[0];
    if (first) first.commands.push(...makeCommands(chance, first.id, now));
  }

  server(id: string): ServerDetail {
    return found(this.servers.find((server) => server.id === id));
  }

  player(id: string): PlayerDetail {
    return found(this.players.find((player) => player.id === id));
  }

  match(id: string): MatchDetail {
    return found(this.matches.find((match) => match.id === id));
  }

  certificate(uuid: string): CertificateView {
    return found(this.certificates.find((certificate) => certificate.uuid === uuid));
  }

  setMaintenance(maintenance: MaintenanceView): void {
    this.settings.maintenance = maintenance;
    this.overview = { ...this.overview, maintenance };
  }

  /** Writes the audit row of an action and answers it. */
  done(action: AuditAction, target: string, detail: Record<string, unknown>, sentence: string): ActionResult {
    const id = (this.audit[0]?.id ?? 0) + 1;
    this.audit.unshift({
      id,
      at: Date.now(),
      address: '127.0.0.1',
      actor: 'alice',
      action,
      target,
      result: 'done',
      detail,
      count: 1,
    });
    this.actions.push({ action, detail });
    return { auditId: id, done: sentence, changed: true };
  }

  /** Writes a command to a game server, not yet sent. */
  command(serverId: string, type: ServerCommandView['type'], text: string): ServerCommandView {
    const command: ServerCommandView = {
      id: this.chance.uuid(),
      serverId,
      type,
      state: 'open',
      text,
      createdAt: Date.now(),
      sentAt: null,
      ackedAt: null,
      failedAt: null,
      error: null,
      expiresAt: Date.now() + 3_600_000,
    };
    this.server(serverId).commands.unshift(command);
    return command;
  }
}

/** An impact, zeros filled in. */
export function impact(sentence: string, part: Partial<Impact> = {}): Impact {
  return { sentence, players: 0, matches: 0, certificates: 0, number: 0, ...part };
}

function found<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw notFound();
  return thing;
}
