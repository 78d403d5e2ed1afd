import type { Alarm, MasterNode, QueueSummary, ServerRow, MaintenanceView } from '../api/contract.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** From when on something is an alarm. */
export const THRESHOLDS = {
  certificateDays: 14,
  urgentCertificateDays: 3,
  /** Somebody waits this long in a queue in which nobody was matched meanwhile. */
  stuckMs: 5 * MINUTE,
  clockMs: 5_000,
  tickMs: 1_000,
  refusalsPerHour: 500,
  /** Alarms of one kind that are told one by one; more are told as a number. */
  each: 5,
} as const;

/** What alarms are made of. */
export interface AlarmFacts {
  now: number;
  servers: readonly ServerRow[];
  /** Live matches that are without their server. */
  lost: readonly { serverId: string; n: number; since: number }[];
  queues: readonly QueueSummary[];
  nodes: readonly MasterNode[];
  refusals: { lastHour: number; byCause: readonly { cause: string; count: number }[] };
  /** Certificates in force that expire within the next days. */
  expiring: readonly { uuid: string; name: string; expiresAt: number }[];
  operators: readonly { name: string; expiresAt: number }[];
  maintenance: MaintenanceView;
  auditFault: string | null;
}

/** What is wrong, worst first. */
export function alarmsOf(facts: AlarmFacts): Alarm[] {
  const order = { critical: 0, warning: 1, info: 2 };
  return [
    ...ofAudit(facts),
    ...ofNodes(facts),
    ...ofServers(facts),
    ...ofQueues(facts),
    ...ofCertificates(facts),
    ...ofRefusals(facts),
    ...ofMaintenance(facts),
  ].sort((a, b) => order[a.severity] - order[b.severity]);
}

function ofAudit({ auditFault }: AlarmFacts): Alarm[] {
  if (auditFault === null) return [];
  return [
    {
      severity: 'critical',
      kind: 'audit-broken',
      text: `The audit log was tampered with: ${auditFault}.`,
      since: null,
      link: { page: 'audit' },
    },
  ];
}

function ofNodes({ nodes, now }: AlarmFacts): Alarm[] {
  const present = nodes.filter((node) => node.present);
  if (present.length === 0) {
    const last = nodes.map(({ at }) => at).sort((a, b) => b - a)[0];
    const since =
      last === undefined
        ? 'No master has ever reported'
        : `No master has reported for ${seconds(now - last)}`;
    return [
      {
        severity: 'critical',
        kind: 'no-master',
        text: `${since}: nobody is matched.`,
        since: last ?? null,
        link: null,
      },
    ];
  }
  return present.flatMap((node): Alarm[] => [
    ...(Math.abs(node.clockOffsetMs) > THRESHOLDS.clockMs
      ? [
          warning(
            'clock-off',
            `The clock of master ${node.nodeId} is ${seconds(Math.abs(node.clockOffsetMs))} ${node.clockOffsetMs > 0 ? 'ahead of' : 'behind'} this one.`,
          ),
        ]
      : []),
    ...(node.tickLongestMs > THRESHOLDS.tickMs
      ? [warning('ticks-slow', `A tick of master ${node.nodeId} took ${Math.round(node.tickLongestMs)} ms.`)]
      : []),
    ...(node.ticksFailed > 0
      ? [
          warning(
            'ticks-failing',
            `${count(node.ticksFailed, 'tick')} of master ${node.nodeId} failed since it started; its log says why.`,
          ),
        ]
      : []),
  ]);
}

function ofServers({ servers, lost, now }: AlarmFacts): Alarm[] {
  const names = new Map(servers.map(({ id, name }) => [id, name]));
  const silent = servers.filter(({ state }) => state === 'silent');
  const resting = servers.filter(({ state }) => state === 'resting');
  return [
    ...summed(
      silent,
      'servers',
      (server): Alarm => ({
        severity: 'critical',
        kind: 'server-silent',
        text: `${server.name} has not been heard of for ${seconds(now - server.lastSeen)}; ${count(server.matches, 'match', 'matches')} on it.`,
        since: server.lastSeen,
        link: { page: 'servers', id: server.id },
      }),
      (n) => `${n} more servers have not been heard of.`,
    ),
    ...summed(
      lost,
      'servers',
      ({ serverId, n, since }): Alarm => ({
        severity: 'critical',
        kind: 'server-lost-match',
        text: `${names.get(serverId) ?? serverId} is without ${count(n, 'match', 'matches')} that it should hold.`,
        since,
        link: { page: 'servers', id: serverId },
      }),
      (n) => `${n} more servers are without matches that they should hold.`,
    ),
    ...summed(
      resting,
      'servers',
      (server): Alarm => ({
        severity: 'warning',
        kind: 'server-resting',
        text: `${server.name} failed lately and gets no matches for ${seconds((server.trust.restingUntil ?? now) - now)}.`,
        since: null,
        link: { page: 'servers', id: server.id },
      }),
      (n) => `${n} more servers failed lately.`,
    ),
  ];
}

function ofQueues({ queues, maintenance }: AlarmFacts): Alarm[] {
  // While maintenance is on nobody is to be matched.
  if (maintenance.on) return [];
  return queues.flatMap((queue): Alarm[] => {
    const link = { page: 'queues', id: queue.name } as const;
    if (queue.waiting > 0 && queue.serversFree === 0)
      return [
        {
          severity: 'critical',
          kind: 'no-server-for-queue',
          text: `No server can take a match of ${queue.name}; ${count(queue.waiting, 'player')} wait.`,
          since: null,
          link,
        },
      ];
    const longest = queue.longestWaitMs ?? 0;
    if (longest > THRESHOLDS.stuckMs && queue.matchesMade === 0)
      return [
        {
          severity: 'warning',
          kind: 'queue-stuck',
          text: `Nobody was matched in ${queue.name} for ten minutes; the longest wait is ${seconds(longest)}.`,
          since: null,
          link,
        },
      ];
    return [];
  });
}

function ofCertificates({ expiring, operators, now }: AlarmFacts): Alarm[] {
  const severityOf = (expiresAt: number) =>
    expiresAt - now < THRESHOLDS.urgentCertificateDays * DAY ? 'critical' : 'warning';
  return [
    ...summed(
      expiring,
      'certificates',
      ({ uuid, name, expiresAt }): Alarm => ({
        severity: severityOf(expiresAt),
        kind: 'certificate-expiring',
        text: `The certificate of ${name} expires in ${days(expiresAt - now)}.`,
        since: null,
        link: { page: 'certificates', id: uuid },
      }),
      (n) => `${n} more certificates expire within ${THRESHOLDS.certificateDays} days.`,
    ),
    ...operators.map(({ name, expiresAt }): Alarm => ({
      severity: severityOf(expiresAt),
      kind: 'operator-certificate-expiring',
      text: `The dashboard certificate of ${name} expires in ${days(expiresAt - now)}; "certtool admin-cert" makes another.`,
      since: null,
      link: { page: 'certificates' },
    })),
  ];
}

function ofRefusals({ refusals }: AlarmFacts): Alarm[] {
  if (refusals.lastHour <= THRESHOLDS.refusalsPerHour) return [];
  const [worst] = refusals.byCause;
  const cause = worst === undefined ? '' : `, most of them "${worst.cause}"`;
  return [
    warning('refusals-high', `${refusals.lastHour} connections were refused in the last hour${cause}.`),
  ];
}

function ofMaintenance({ maintenance }: AlarmFacts): Alarm[] {
  if (!maintenance.on) return [];
  return [
    {
      severity: 'info',
      kind: 'maintenance',
      text: 'Maintenance is on: nobody is matched.',
      since: maintenance.since,
      link: { page: 'settings' },
    },
  ];
}

function warning(kind: Alarm['kind'], text: string): Alarm {
  return { severity: 'warning', kind, text, since: null, link: null };
}

/** The first few one by one, the rest as a number. */
function summed<T>(
  items: readonly T[],
  page: 'servers' | 'certificates',
  alarm: (item: T) => Alarm,
  rest: (n: number) => string,
): Alarm[] {
  const shown = items.slice(0, THRESHOLDS.each).map(alarm);
  const more = items.length - shown.length;
  const [first] = shown;
  return more === 0 || !first
    ? shown
    : [...shown, { ...first, text: rest(more), since: null, link: { page } }];
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`;
}

function days(ms: number): string {
  return ms < 2 * DAY ? `${Math.max(0, Math.round(ms / 3_600_000))} hours` : `${Math.floor(ms / DAY)} days`;
}
