import type * as contract from '../../src/api/contract.js';
import type { PreviewableEndpoint } from '../../src/api/endpoint.js';
import type { ActionName, Call, Handlers } from './fake-endpoints.js';
import { FakeProblem, invalid } from './fake-problem.js';
import { impact, type FakeWorld } from './fake-world.js';

/** How many certificates a new master key kills. */
export const DYING_CERTIFICATES = 61;

/** The endpoints that do something. */
export function fakeActions(world: FakeWorld): Pick<Handlers, ActionName> {
  const onServer = (params: Call['params']) => world.server(params['id'] ?? '');
  const withCommand = (result: contract.ActionResult, command: contract.ServerCommandView) => ({
    ...result,
    commandId: command.id,
  });
  return {
    'POST /api/servers/:id/kick': ({ params, body }) => {
      const server = onServer(params);
      const detail = bodyOf<contract.KickBody>(body);
      const name = world.player(detail.accountId).displayName;
      const command = world.command(
        server.id,
        'kick_player',
        `kick ${name} from match ${detail.matchId.slice(0, 8)}`,
      );
      return withCommand(
        world.done('server.kick', `server ${server.name}`, { ...detail }, `${name} is being kicked.`),
        command,
      );
    },
    'POST /api/servers/:id/allow': ({ params, body }) =>
      world.done(
        'server.allow',
        `server ${onServer(params).name}`,
        { ...(body as object) },
        'The roster is sent again.',
      ),
    'POST /api/servers/:id/force-start': ({ params, body }) => {
      const server = onServer(params);
      const detail = bodyOf<contract.ForceStartBody>(body);
      const command = world.command(
        server.id,
        'force_start',
        `force start of match ${detail.matchId.slice(0, 8)}`,
      );
      return withCommand(
        world.done(
          'server.force-start',
          `server ${server.name}`,
          { ...detail },
          'The match is told to begin.',
        ),
        command,
      );
    },
    'POST /api/servers/:id/shutdown': ({ params, body }) => {
      const server = onServer(params);
      const detail = bodyOf<contract.ShutdownBody>(body);
      const command = world.command(server.id, 'shutdown', `shut down within ${detail.graceSeconds} s`);
      return withCommand(
        world.done(
          'server.shutdown',
          `server ${server.name}`,
          { ...detail },
          `${server.name} is told to shut down.`,
        ),
        command,
      );
    },
    'POST /api/servers/:id/drain': ({ params, body }) => {
      const server = onServer(params);
      const { on } = bodyOf<contract.DrainBody>(body);
      server.state = on ? 'draining' : 'online';
      return world.done(
        'server.drain',
        `server ${server.name}`,
        { on },
        `${server.name} ${on ? 'is draining' : 'takes matches'}.`,
      );
    },
    'POST /api/queues/:name/entries/:accountId/remove': ({ params, body }) => {
      const accountId = params['accountId'] ?? '';
      world.entries = world.entries.filter((entry) => entry.accountId !== accountId);
      return world.done(
        'queue.remove',
        `queue ${params['name']}`,
        { ...(body as object) },
        `${world.player(accountId).displayName} was removed.`,
      );
    },
    'POST /api/players/:id/ban': ({ params, body }) => {
      const player = world.player(params['id'] ?? '');
      const { until, reason } = bodyOf<contract.BanBody>(body);
      player.ban = { until, reason };
      return world.done(
        'player.ban',
        `player ${player.displayName}`,
        { until, reason },
        `${player.displayName} is banned.`,
      );
    },
    'POST /api/players/:id/unban': ({ params, body }) => {
      const player = world.player(params['id'] ?? '');
      player.ban = null;
      return world.done(
        'player.unban',
        `player ${player.displayName}`,
        { ...(body as object) },
        `${player.displayName} is unbanned.`,
      );
    },
    'POST /api/players/:id/rename': ({ params, body }) => {
      const player = world.player(params['id'] ?? '');
      const { displayName, reason } = bodyOf<contract.RenameBody>(body);
      if (/\p{C}/u.test(displayName)) throw invalid('displayName', 'must have nothing invisible');
      player.displayName = displayName;
      return world.done(
        'player.rename',
        `player ${player.username}`,
        { displayName, reason },
        `The name is ${displayName} now.`,
      );
    },
    'POST /api/players/:id/end-sessions': ({ params, body }) => {
      const player = world.player(params['id'] ?? '');
      player.sessions = [];
      return world.done(
        'player.end-sessions',
        `player ${player.displayName}`,
        { ...(body as object) },
        'The sessions ended.',
      );
    },
    'POST /api/matches/:id/cancel': ({ params, body }) => {
      const match = world.match(params['id'] ?? '');
      match.state = 'cancelled';
      match.endedAt = Date.now();
      return world.done(
        'match.cancel',
        `match ${match.id.slice(0, 8)}`,
        { ...(body as object) },
        'The match is cancelled.',
      );
    },
    'POST /api/matches/:id/void': ({ params, body }) => {
      const match = world.match(params['id'] ?? '');
      match.voided = 'pending';
      match.voidReason = bodyOf<contract.VoidMatchBody>(body).reason;
      return world.done(
        'match.void',
        `match ${match.id.slice(0, 8)}`,
        { ...(body as object) },
        'A master will rate the queue again without it.',
      );
    },
    'POST /api/certificates': ({ body }) => {
      const { name, days, host } = bodyOf<contract.IssueCertificateBody>(body);
      if (
        world.certificates.some((certificate) => certificate.name === name && certificate.revokedAt === null)
      ) {
        throw invalid('name', 'is taken by a certificate in force');
      }
      const certificate: contract.CertificateView = {
        uuid: world.chance.uuid(),
        name,
        status: 'valid',
        issuedAt: Date.now(),
        expiresAt: Date.now() + days * 86_400_000,
        masterKeyId: '8f14e45fceea167a',
        publicHost: host ?? null,
        createdAt: Date.now(),
        revokedAt: null,
        revokeReason: null,
        online: false,
      };
      world.certificates.push(certificate);
      return {
        ...world.done(
          'certificate.issue',
          `certificate ${name}`,
          { days },
          `A certificate for ${name} was issued.`,
        ),
        certificate,
        download: {
          path: `/api/certificates/downloads/${certificate.uuid}`,
          fileName: `${name}.s2scert`,
          expiresAt: Date.now() + 300_000,
        },
      };
    },
    'POST /api/certificates/:uuid/revoke': ({ params, body }) => {
      const certificate = world.certificate(params['uuid'] ?? '');
      const { reason } = bodyOf<contract.RevokeCertificateBody>(body);
      Object.assign(certificate, { status: 'revoked', revokedAt: Date.now(), revokeReason: reason });
      return world.done(
        'certificate.revoke',
        `certificate ${certificate.name}`,
        { reason },
        `${certificate.name} is revoked.`,
      );
    },
    'POST /api/master-key/rotate': ({ body }) => {
      const { confirm } = bodyOf<contract.RotateMasterKeyBody>(body);
      if (confirm !== DYING_CERTIFICATES) {
        throw new FakeProblem({
          type: '/problems/confirmation',
          title: 'The number is another',
          status: 409,
          detail: `${DYING_CERTIFICATES} certificates would die, not ${confirm}.`,
          impact: rotation(),
        });
      }
      return {
        ...world.done('master-key.rotate', 'master key', { confirm }, 'The master key is new.'),
        keyId: '1f3870be274f6c49',
        publicKey: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      };
    },
    'POST /api/operator-certificates/:serial/revoke': ({ params, body }) =>
      world.done(
        'operator-certificate.revoke',
        `operator ${params['serial']}`,
        { ...(body as object) },
        'It is revoked.',
      ),
    'PUT /api/settings/maintenance': ({ body }) => {
      const { on, message } = bodyOf<contract.MaintenanceBody>(body);
      world.setMaintenance({ on, message: message ?? null, since: Date.now() });
      return world.done(
        'settings.maintenance',
        'maintenance',
        { on, message },
        on ? 'Maintenance began.' : 'Maintenance ended.',
      );
    },
    'PUT /api/settings/addresses': ({ body }) => {
      const { entries, force } = bodyOf<contract.AddressesBody>(body);
      const wrong = entries.findIndex((entry) => !/^[0-9a-f.:]+(\/\d+)?$/.test(entry.address));
      if (wrong !== -1) throw invalid(`entries.${wrong}.address`, 'must be an address or a CIDR block');
      if (entries.length === 0 && !force) {
        throw new FakeProblem({
          type: '/problems/would-lock-out',
          title: 'It would lock you out',
          status: 409,
          detail: 'The list would leave out 127.0.0.1, from which you ask.',
        });
      }
      world.settings.addresses = { ...world.settings.addresses, entries };
      return world.done(
        'settings.addresses',
        'address list',
        { entries: entries.length },
        'The list is changed.',
      );
    },
  };
}

const rotation = (): contract.Impact =>
  impact(
    `All ${DYING_CERTIFICATES} certificates die at once; 40 servers with 86 matches lose their connection.`,
    {
      certificates: DYING_CERTIFICATES,
      matches: 86,
      players: 172,
      number: DYING_CERTIFICATES,
    },
  );

/** What each action would do. */
export function fakePreviews(world: FakeWorld): Record<PreviewableEndpoint, (call: Call) => contract.Impact> {
  const onServer = (call: Call): contract.Impact => {
    const server = world.server(call.params['id'] ?? '');
    return impact(`${server.name} gets no new matches. Those that it has are played to their end or moved.`, {
      matches: server.liveMatches.length,
      players: server.players,
      number: server.liveMatches.length,
    });
  };
  const onPlayer = ({ params }: Call): contract.Impact =>
    impact(
      `${world.player(params['id'] ?? '').displayName} leaves queue or match, and the connection ends.`,
      {
        players: 1,
        number: 1,
      },
    );
  const onMatch = ({ params }: Call): contract.Impact => {
    const match = world.match(params['id'] ?? '');
    return impact('The match counts no more; its players are free at once.', {
      matches: 1,
      players: match.players,
      number: match.players,
    });
  };
  return {
    'POST /api/servers/:id/kick': () =>
      impact('The player leaves the match, and can come back to it.', { players: 1, number: 1 }),
    'POST /api/servers/:id/force-start': () =>
      impact('The match begins without one player.', { players: 1, matches: 1, number: 1 }),
    'POST /api/servers/:id/shutdown': onServer,
    'POST /api/servers/:id/drain': onServer,
    'POST /api/queues/:name/entries/:accountId/remove': () =>
      impact('The player leaves the queue and can join again.', { players: 1, number: 1 }),
    'POST /api/players/:id/ban': onPlayer,
    'POST /api/players/:id/end-sessions': onPlayer,
    'POST /api/matches/:id/cancel': onMatch,
    'POST /api/matches/:id/void': onMatch,
    'POST /api/certificates/:uuid/revoke': () =>
      impact('Its server loses its connection.', { certificates: 1, matches: 2, players: 8, number: 1 }),
    'POST /api/master-key/rotate': rotation,
    'PUT /api/settings/maintenance': () =>
      impact('Players who wait leave their queues; matches go on.', {
        players: world.overview.players.waiting,
        number: 37,
      }),
  };
}

/** The page's own types stand behind the bodies; a check of every member is the real server's matter. */
function bodyOf<Body>(body: unknown): Body {
  if (typeof body !== 'object' || body === null) throw invalid('', 'must be an object');
  if (
    'reason' in body &&
    (typeof body.reason !== 'string' || body.reason === '' || body.reason.length > 200)
  ) {
    throw invalid('reason', 'must be 1 to 200 characters');
  }
  return body as Body;
}
