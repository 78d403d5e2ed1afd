import type {
  CertificateView,
  LogLineView,
  ServerCommandView,
  ServerDetail,
  ServerState,
} from '../../../src/api/contract.js';
import type { Chance } from './chance.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const REGIONS = ['eu-west', 'us-east', 'asia-1'];
const STATES: ServerState[] = [
  'silent',
  'online',
  'online',
  'online',
  'full',
  'online',
  'draining',
  'online',
  'resting',
  'online',
  'closed',
  'online',
  'offline',
  'online',
  'revoked',
  'online',
  'expired',
  'online',
  'full',
  'online',
];

/** Game servers in every state there is, those with problems first. */
export function makeServers(chance: Chance, now: number): ServerDetail[] {
  return Array.from({ length: 64 }, (_, index) => {
    const state = STATES[index % STATES.length] ?? 'online';
    const region = REGIONS[index % REGIONS.length] ?? 'eu-west';
    const id = chance.uuid();
    const capacity = 8;
    const matches =
      state === 'full' ? capacity : state === 'online' ? chance.whole(0, 5) : state === 'silent' ? 2 : 0;
    const expiresAt = now + (index % 9 === 4 ? chance.whole(1, 20) : chance.whole(60, 300)) * DAY;
    return {
      id,
      name: `${region}-${String(index + 1).padStart(2, '0')}`,
      state,
      region,
      build: index % 5 === 0 ? '2.14.0-rc.1+a81f33c' : '2.13.4',
      address: `198.51.100.${index + 1}:7777`,
      nodeId: index % 2 === 0 ? 'master-a' : 'master-b',
      load: state === 'offline' ? null : chance.next() * 0.9,
      players: matches * 2,
      capacity,
      matches,
      queues: index % 4 === 0 ? ['duel'] : null,
      lastSeen:
        state === 'silent'
          ? now - 41_000
          : state === 'offline'
            ? now - 3 * HOUR
            : now - chance.whole(0, 4000),
      connectedAt: now - chance.whole(1, 90) * HOUR,
      certificateExpiresAt: expiresAt,
      trust: {
        level:
          state === 'resting' ? 'resting' : index % 11 === 5 ? 'watch' : index % 7 === 6 ? 'new' : 'good',
        restingUntil: state === 'resting' ? now + 240_000 : null,
        probation: state === 'resting',
        finished: chance.whole(0, 400),
        abandoned: chance.whole(0, 9),
        cancelled: chance.whole(0, 6),
      },
      certificate: {
        uuid: id,
        issuedAt: now - 200 * DAY,
        expiresAt,
        masterKeyId: '8f14e45fceea167a',
        publicHost: index % 6 === 0 ? 'play.example.net' : null,
        revokedAt: state === 'revoked' ? now - 2 * DAY : null,
        revokeReason: state === 'revoked' ? 'host was broken into' : null,
      },
      liveMatches: [],
      commands: [],
    };
  });
}

/** Commands in each of their states. */
export function makeCommands(chance: Chance, serverId: string, now: number): ServerCommandView[] {
  const command = (part: Partial<ServerCommandView>): ServerCommandView => ({
    id: chance.uuid(),
    serverId,
    type: 'kick_player',
    state: 'acknowledged',
    text: 'kick Noor from match 0b0e5c1e',
    createdAt: now - 600_000,
    sentAt: now - 599_700,
    ackedAt: now - 599_500,
    failedAt: null,
    error: null,
    expiresAt: now + HOUR,
    ...part,
  });
  return [
    command({ type: 'force_start', state: 'sent', text: 'force start of match 51c2a7de', ackedAt: null }),
    command({}),
    command({
      state: 'failed',
      text: 'kick Ivo from match 7aa01b9c',
      ackedAt: null,
      failedAt: now - 500_000,
      error: 'unknown match',
    }),
  ];
}

/** Certificates of the servers, and a few that no server uses. Those that end first come first. */
export function makeCertificates(chance: Chance, servers: ServerDetail[], now: number): CertificateView[] {
  const used = servers.map((server): CertificateView => {
    const { certificate } = server;
    const left = certificate.expiresAt - now;
    return {
      uuid: certificate.uuid,
      name: server.name,
      status:
        server.state === 'revoked'
          ? 'revoked'
          : server.state === 'expired'
            ? 'expired'
            : left < 30 * DAY
              ? 'expiring'
              : 'valid',
      issuedAt: certificate.issuedAt,
      expiresAt: server.state === 'expired' ? now - DAY : certificate.expiresAt,
      masterKeyId: certificate.masterKeyId,
      publicHost: certificate.publicHost,
      createdAt: certificate.issuedAt,
      revokedAt: certificate.revokedAt,
      revokeReason: certificate.revokeReason,
      online: server.state === 'online' || server.state === 'full',
    };
  });
  const unused: CertificateView = {
    uuid: chance.uuid(),
    name: 'spare-01',
    status: 'other-key',
    issuedAt: now - 500 * DAY,
    expiresAt: now + 20 * DAY,
    masterKeyId: '45c48cce2e2d7fbd',
    publicHost: null,
    createdAt: now - 500 * DAY,
    revokedAt: null,
    revokeReason: null,
    online: false,
  };
  return [...used, unused].sort((one, other) => one.expiresAt - other.expiresAt);
}

const MESSAGES: [LogLineView['level'], string][] = [
  ['info', 'match 51c2a7de: 8 of 8 players connected'],
  ['info', 'tick 16.6 ms, 412 entities'],
  ['warn', 'player p_91f0 sent 140 inputs in one second, dropped 80'],
  ['info', 'map loaded: harbour_night'],
  ['error', 'physics: body 4411 left the world at (1e+30, nan, 0), removed'],
  ['info', '<img src=x onerror=alert(1)> joined spectators'],
  ['warn', 'memory 91 % of 4096 MiB'],
];

/** Log lines, newest first. */
export function makeLogs(servers: ServerDetail[], now: number): LogLineView[] {
  const lines: LogLineView[] = [];
  let id = 40_000;
  for (let index = 0; index < 400; index++) {
    const server = servers[index % 6];
    const message = MESSAGES[index % MESSAGES.length];
    if (server === undefined || message === undefined) continue;
    lines.push({
      id: id--,
      serverId: server.id,
      serverName: server.name,
      level: message[0],
      at: now - index * 1900,
      message: message[1],
    });
  }
  return lines;
}
