import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { encodeCertificate, issueCertificate, randomCertificateFields } from '@ranked/cert';
import { readMasterKey } from '@ranked/cert/files';
import { Allowlist, GameServerClient, MsgType } from '@ranked/protocol/game-server';
import {
  PlayerClient,
  RefusalStatus,
  type MatchFound,
  type MatchProposed,
  type MatchReport,
} from '@ranked/protocol/player';
import { certificates, gameServers, settings } from '@ranked/store';
import { MasterKeys } from '../src/keys/master-keys.js';
import { tempDir } from './support/temp-dir.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';

const clients: { close(): Promise<unknown> }[] = [];
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await stopTestMasters();
});

/** A game server of the public client, with a certificate issued as certtool does it. */
async function gameServer(
  master: TestMaster,
  name: string,
): Promise<{ client: GameServerClient; allowlist: Allowlist; id: string }> {
  const keys = master.running.app.get(MasterKeys);
  const { seed, publicKey } = readMasterKey(keys.path);
  const issuedAt = Math.floor(Date.now() / 1000);
  const certificate = issueCertificate({
    ...randomCertificateFields((count) => randomBytes(count)),
    masterSeed: seed,
    issuedAt,
    expiresAt: issuedAt + 3_600,
  });
  const { uuid, expiresAt, secret } = certificate;
  await master.store.write('certificate', (tx) =>
    certificates.insert(tx, { uuid, name, issuedAt, expiresAt, secret, masterKeyId: keys.current().keyId }),
  );
  const allowlist = new Allowlist();
  const client = new GameServerClient({
    ...master.running.s2s,
    certificate: encodeCertificate(certificate),
    masterPublicKey: publicKey,
    heartbeat: () => ({
      name,
      port: 27_015,
      region: 'eu',
      build: '1',
      capacity: 4,
      players: 0,
      accepting: true,
      matches: allowlist.matches(),
    }),
    handlers: {
      [MsgType.CmdAllowPlayers]: (command) => allowlist.allow(command),
      [MsgType.CmdCancelMatch]: ({ matchId }) => void allowlist.remove(matchId),
      [MsgType.CmdKickPlayer]: ({ matchId, playerId }) => void allowlist.kick(matchId, playerId),
      [MsgType.CmdForceStart]: () => undefined,
      [MsgType.CmdShutdown]: () => undefined,
    },
  });
  clients.push(client);
  await client.connect();
  return { client, allowlist, id: uuid };
}

/** A client for what a login answered, not connected yet. */
function clientOf(login: Record<string, unknown>): PlayerClient {
  const { rdv, ticket, masterPublicKey } = login as {
    rdv: { host: string; port: number };
    ticket: { id: string; secret: string };
    masterPublicKey: string;
  };
  const client = new PlayerClient({
    ...rdv,
    ticketId: ticket.id,
    ticket: ticket.secret,
    masterPublicKey: Buffer.from(masterPublicKey, 'hex'),
  });
  clients.push(client);
  return client;
}

/** A player who logged in over HTTP, on the channel. */
async function player(master: TestMaster, username: string): Promise<PlayerClient> {
  const client = clientOf((await master.player(username)).login);
  await client.connect();
  return client;
}

const next = async <T>(
  client: PlayerClient,
  event: 'matchFound' | 'matchStarted' | 'matchReport',
): Promise<T> => (await once(client, event))[0] as T;

test('over real sockets: login, queue, allow before tell, a reconnect, result, rating, revocation', async () => {
  const master = await TestMaster.start({ RANKED_TICK_MS: '50' });
  const server = await gameServer(master, 'eu-1');
  const [ann, bob] = [await player(master, 'ann'), await player(master, 'bob')];

  const found = Promise.all([next<MatchFound>(ann, 'matchFound'), next<MatchFound>(bob, 'matchFound')]);
  await ann.joinQueue('duel');
  await bob.joinQueue('duel');
  const [toAnn, toBob] = await found;
  expect(toAnn).toMatchObject({ matchId: toBob.matchId, host: '127.0.0.1', port: 27_015 });
  expect(server.allowlist.admit(toAnn.joinToken)).toMatchObject({ matchId: toAnn.matchId });

  const started = next(bob, 'matchStarted');
  await server.client.matchStarted(toAnn.matchId);
  await started;

  // A second connection of the same player: routed back, and the first token, though used, is no way in any more.
  await ann.close();
  const back = clientOf(
    (await master.post('/v1/sessions', { username: 'ann', password: 'ann-password' })).body,
  );
  const again = next<MatchFound>(back, 'matchFound');
  await back.connect();
  const { joinToken, matchId } = await again;
  expect(matchId).toBe(toAnn.matchId);
  expect(joinToken).not.toBe(toAnn.joinToken);
  expect(server.allowlist.admit(joinToken)).toMatchObject({ matchId });

  const reports = Promise.all([
    next<MatchReport>(back, 'matchReport'),
    next<MatchReport>(bob, 'matchReport'),
  ]);
  const ids = [toAnn, toBob].sort((a, b) => a.team - b.team).map(({ playerId }) => ({ id: playerId }));
  await server.client.matchResult({
    matchId,
    durationMs: 0,
    teams: [{ rank: 0 }, { rank: 1 }],
    players: ids,
  });
  const outcomes = (await reports).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(['loss', 'win']);

  const closed = once(server.client, 'closed');
  await master.store.write('revoke', (tx) => certificates.revoke(tx, server.id, 'stolen'));
  const began = performance.now();
  const [error] = (await closed) as [Error & { code?: string; statusName?: string }];
  // The channel ended and the way back is shut: the client has given up for good.
  expect(error).toBeInstanceOf(Error);
  expect(performance.now() - began).toBeLessThan(30_000);
  const row = async () => master.store.read((tx) => gameServers.byId(tx, server.id));
  while ((await row())?.online) await new Promise((resolve) => setImmediate(resolve));
}, 60_000);

test('over real sockets: a ready check, a decline with its cooldown, then everybody accepts', async () => {
  const queuesFile = join(tempDir(), 'queues.yaml');
  writeFileSync(
    queuesFile,
    'queues:\n  - { name: duel, teams: 2, size: 1, readyCheck: { seconds: 60 }, window: { initial: 50000, max: 50000 } }\n',
  );
  const master = await TestMaster.start({ RANKED_TICK_MS: '50', RANKED_QUEUES_FILE: queuesFile });
  const server = await gameServer(master, 'eu-2');
  const [ann, bob, cy] = [
    await player(master, 'anna'),
    await player(master, 'bobby'),
    await player(master, 'cyril'),
  ];
  const proposed = async (one: PlayerClient) => (await once(one, 'matchProposed'))[0] as MatchProposed;

  const first = Promise.all([proposed(ann), proposed(bob)]);
  await ann.joinQueue('duel');
  await bob.joinQueue('duel');
  const [toAnn] = await first;
  expect(Object.keys(toAnn).sort()).toEqual([
    'accepted',
    'answered',
    'expiresAt',
    'matchId',
    'queue',
    'teams',
  ]);
  expect(server.allowlist.matches()).toEqual([]);
  const called = once(ann, 'matchCancelled');
  await ann.answerMatch(toAnn.matchId, true);
  const second = Promise.all([proposed(ann), proposed(cy)]);
  await bob.answerMatch(toAnn.matchId, false);
  expect((await called)[0]).toMatchObject({ matchId: toAnn.matchId, requeued: true });
  await expect(bob.joinQueue('duel')).rejects.toMatchObject({ code: 'cooldown' });
  await expect(cy.answerMatch(toAnn.matchId, false)).rejects.toMatchObject({ code: 'unknown_match' });

  await cy.joinQueue('duel');
  const [again] = await second;
  const found = Promise.all([next<MatchFound>(ann, 'matchFound'), next<MatchFound>(cy, 'matchFound')]);
  await Promise.all([ann.answerMatch(again.matchId, true), cy.answerMatch(again.matchId, true)]);
  for (const { matchId, joinToken } of await found) {
    expect(matchId).toBe(again.matchId);
    expect(server.allowlist.admit(joinToken)).toMatchObject({ matchId });
  }
}, 60_000);

test('over real sockets: during maintenance only who plays gets in', async () => {
  const master = await TestMaster.start({ RANKED_TICK_MS: '50' });
  const server = await gameServer(master, 'eu-3');
  const logins = await Promise.all(['amy', 'ben', 'cleo'].map((name) => master.player(name)));
  const [amy, ben, cleo] = logins.map(({ login }) => login) as [
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const [one, two] = [clientOf(amy), clientOf(ben)];
  await Promise.all([one.connect(), two.connect()]);
  const found = next<MatchFound>(one, 'matchFound');
  await one.joinQueue('duel');
  await two.joinQueue('duel');
  const { matchId } = await found;
  await server.client.matchStarted(matchId);

  const notice = once(two, 'serviceNotice');
  await master.store.write('maintenance', (tx) => settings.setMaintenance(tx, true, 'Back at noon.'));
  expect((await notice)[0]).toEqual({ maintenance: true, message: 'Back at noon.' });
  await one.close();
  const back = clientOf(amy);
  const routed = next<MatchFound>(back, 'matchFound');
  await back.connect();
  expect((await routed).matchId).toBe(matchId);
  const stranger = clientOf(cleo);
  const refused = once(stranger, 'disconnected');
  stranger.connect().catch(() => undefined);
  expect((await refused)[0]).toMatchObject({ error: { code: 'refused', status: RefusalStatus.Maintenance } });
  await stranger.close();
}, 60_000);
