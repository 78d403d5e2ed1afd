import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeCertificate } from '@ranked/cert';
import { MsgType, RefusalStatus, RefusedError, type CmdAllowPlayers } from '@ranked/protocol';
import { GameServerClient } from '@ranked/protocol/game-server';
import { certificates, gameServers, matches, type GameServer } from '@ranked/store';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until, within } from './support/deadline.js';
import { byCertificate, byTicket, RawChannel, type Credential } from './support/raw-channel.js';
import { heartbeat, nextFound, nextReport, resultOf, Siege } from './support/siege.js';
import type { Issued } from './support/world.js';

/** An open channel ends within this after the row has changed. */
const PROMISED_MS = 1_000;

let siege: Siege;
const channels: RawChannel[] = [];
let rotated = false;

beforeAll(async () => {
  siege = await Siege.lay();
}, 120_000);

afterEach(async () => {
  for (const channel of channels.splice(0)) channel.raw.destroy();
  // After a rotation the honest server has to get a new certificate first.
  if (!rotated) await siege.stillServes();
}, 60_000);

afterAll(() => siege.lift());

async function intrude(issued: Issued): Promise<RawChannel> {
  const channel = await RawChannel.enter(siege.world.ports.s2s, byCertificate(issued));
  channels.push(channel);
  return channel;
}

/** What the master says to a HELLO with this credential. */
async function refusal(credential: Credential): Promise<number | string> {
  try {
    channels.push(
      await RawChannel.enter(siege.world.ports[credential.service === 'S2S' ? 's2s' : 'rdv'], credential),
    );
    return 'let in';
  } catch (error) {
    return error instanceof RefusedError ? error.status : String(error);
  }
}

function presenceOf({ certificate }: Issued): Promise<GameServer | null> {
  return siege.world.withStore((store) => store.read((tx) => gameServers.byId(tx, certificate.uuid)));
}

/** Resolves when the server is in the rows as it says it is. */
async function known(channel: RawChannel, issued: Issued, port: number): Promise<void> {
  channel.send(MsgType.Heartbeat, heartbeat({ name: issued.name, port }));
  await until('the heartbeat to be written', async () =>
    (await presenceOf(issued))?.port === port ? true : undefined,
  );
}

/** Not online, and nothing of what was said too late was believed. */
async function isForgotten(issued: Issued, port: number): Promise<void> {
  const row = await until('the server to be offline', async () => {
    const seen = await presenceOf(issued);
    return seen && !seen.online ? seen : undefined;
  });
  expect(row.port).toBe(port);
}

describe('one credential, two connections', () => {
  test('the newer connection of a certificate takes over, matches and all; the older has no say any more', async () => {
    const issued = await siege.world.issue('twice');
    const older = await intrude(issued);
    await known(older, issued, 6001);
    const pair = await siege.pair('trap');
    const found = pair.map(nextFound);
    const reports = pair.map(nextReport);
    for (const player of pair) player.play();
    const { of, value: allow } = await older.command<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    older.acknowledge(of);
    await Promise.all(found);

    const newer = await intrude(issued);
    newer.send(MsgType.Heartbeat, heartbeat({ port: 6002, matches: [allow.matchId] }));
    older.send(MsgType.Heartbeat, heartbeat({ port: 6666 }));
    older.send(MsgType.MatchStarted, { matchId: allow.matchId });
    expect((await within('the end of the older', older.ended)).code).toBe('superseded');
    expect(await newer.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');
    expect(await newer.ask(MsgType.MatchResult, resultOf(allow))).toBe('ok');
    await Promise.all(reports);
    await until('the newer to be known', async () =>
      (await presenceOf(issued))?.port === 6002 ? true : undefined,
    );
    expect((await presenceOf(issued))?.online).toBe(true);
    await Promise.all(pair.map(({ client }) => client.close()));
  }, 60_000);

  test('a ticket serves one connection at a time', async () => {
    const [player, other] = await siege.pair('trap');
    if (!player || !other) throw new Error('no players');
    const closed = once(player.client, 'closed') as Promise<[{ code: string }]>;
    const channel = await RawChannel.enter(siege.world.ports.rdv, byTicket(player.login));
    channels.push(channel);
    const [error] = await within('the end of the older', closed);
    expect(error.code).toBe('superseded');
    expect(await channel.ask(MsgType.JoinQueue, { queue: 'trap' })).toBe('ok');
    expect(await channel.ask(MsgType.LeaveQueue, {})).toBe('ok');
    await other.client.close();
  }, 60_000);
});

describe('a player who logs out', () => {
  test('has no channel a second later, and his ticket opens none', async () => {
    const [player, other] = await siege.pair('trap');
    if (!player || !other) throw new Error('no players');
    await player.client.close();
    const channel = await RawChannel.enter(siege.world.ports.rdv, byTicket(player.login));
    channels.push(channel);
    expect(await channel.ask(MsgType.JoinQueue, { queue: 'trap' })).toBe('ok');
    expect(await siege.world.api.logout(player.login.accessToken)).toBe(204);
    const loggedOut = Date.now();
    const { code, at } = await within('the end of the channel', channel.ended);
    expect(code).toBe('revoked');
    expect(at - loggedOut).toBeLessThan(PROMISED_MS);
    expect(await refusal(byTicket(player.login))).toBe(RefusalStatus.Revoked);
    expect((await siege.world.api.call('GET', '/v1/me', { token: player.login.accessToken })).status).toBe(
      401,
    );
    await other.client.close();
  }, 60_000);
});

describe('a certificate', () => {
  test('revoked with certtool: its channel ends within a second, and it opens none', async () => {
    const issued = await siege.world.issueWithCerttool('stolen');
    const channel = await intrude(issued);
    await known(channel, issued, 6001);
    await siege.world.certtool('revoke', issued.certificate.uuid, '--yes', '--reason', 'machine lost');
    const revoked = Date.now();
    const { code, at } = await within('the end of the channel', channel.ended);
    expect(code).toBe('revoked');
    expect(at - revoked).toBeLessThan(PROMISED_MS);
    await isForgotten(issued, 6001);
    expect(await refusal(byCertificate(issued))).toBe(RefusalStatus.Revoked);
    const client = siege.world.tie(
      new GameServerClient({
        host: '127.0.0.1',
        port: siege.world.ports.s2s,
        certificate: issued.bytes,
        heartbeat: () => heartbeat(),
        handlers: {
          [MsgType.CmdAllowPlayers]: () => undefined,
          [MsgType.CmdCancelMatch]: () => undefined,
          [MsgType.CmdKickPlayer]: () => undefined,
          [MsgType.CmdForceStart]: () => undefined,
          [MsgType.CmdShutdown]: () => undefined,
        },
      }),
    );
    await expect(client.connect()).rejects.toThrow('certificate revoked');
  }, 60_000);

  test('revoked: the very next heartbeat is not believed, the very next result not taken', async () => {
    const issued = await siege.world.issue('quick');
    const channel = await intrude(issued);
    await known(channel, issued, 6001);
    const pair = await siege.pair('trap');
    for (const player of pair) player.play();
    const { of, value: allow } = await channel.command<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    channel.acknowledge(of);
    await Promise.all(pair.map((player) => (player.match ? undefined : nextFound(player))));
    expect(await channel.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');

    // In the same turn as the commit is known, long before the master can have looked.
    const answer = await siege.world.withStore(async (store) => {
      await store.writeGrouped('revoke', (tx) => certificates.revoke(tx, issued.certificate.uuid, 'test'));
      channel.send(MsgType.Heartbeat, heartbeat({ port: 6666 }));
      return channel.ask(MsgType.MatchResult, resultOf(allow)).catch((error: Error) => error.message);
    });
    expect(answer).toMatch(/^revoked$|the master ended the connection/);
    expect((await within('the end of the channel', channel.ended)).code).toBe('revoked');
    await isForgotten(issued, 6001);
    const match = await siege.world.withStore((store) => store.read((tx) => matches.byId(tx, allow.matchId)));
    expect([match?.state, match?.ratedAt]).toEqual(['running', null]);
    await Promise.all(pair.map(({ client }) => client.close()));
  }, 60_000);

  test('that expires ends its channel in that second', async () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 3;
    const issued = await siege.world.issue('brief', { issuedAt: expiresAt - 100, expiresAt });
    const channel = await intrude(issued);
    const { code, at } = await within('the end of the channel', channel.ended);
    expect(code).toBe('expired');
    expect(at).toBeGreaterThanOrEqual(expiresAt * 1000);
    expect(at - expiresAt * 1000).toBeLessThan(PROMISED_MS);
    expect(await refusal(byCertificate(issued))).toBe(RefusalStatus.Expired);
  }, 60_000);

  test.each([
    ['long expired', -1000, -10, RefusalStatus.Expired],
    ['not valid yet', 1000, 2000, RefusalStatus.Expired],
    ['valid in a minute: clocks may differ by two', 60, 2000, 'let in'],
  ])('%s', async (_what, from, to, expected) => {
    const now = Math.floor(Date.now() / 1000);
    const issued = await siege.world.issue('dated', { issuedAt: now + from, expiresAt: now + to });
    expect(await refusal(byCertificate(issued))).toBe(expected);
  });

  test('dies with the master key: every channel ends, and only new certificates are let in', async () => {
    rotated = true;
    const { world, host, duellists } = siege;
    const old = await Promise.all(['one', 'two', 'three'].map((name) => world.issue(name)));
    const open = await Promise.all(old.map(intrude));
    const hostClosed = once(host.client, 'closed') as Promise<[Error]>;
    const said = await world.certtool('rotate-master', '--yes');
    const done = Date.now();
    for (const { code, at } of await within(
      'the end of all channels',
      Promise.all(open.map(({ ended }) => ended)),
    )) {
      expect(code).toBe('not_signed');
      expect(at - done).toBeLessThan(PROMISED_MS);
    }
    for (const issued of old) expect(await refusal(byCertificate(issued))).toBe(RefusalStatus.NotSigned);
    // A server that pinned the old key does not take the holder of the new one for the master.
    const [error] = await within('the honest server to give up', hostClosed);
    expect(error.message).toMatch(/signature|not signed|key/);

    // With a new certificate and the new key a server is let in; players, whose tickets live on, play there.
    const file = join(world.directory, 'fresh.s2scert');
    await world.certtool('issue', '--name', 'fresh', '--days', '1', '--out', file);
    const bytes = await readFile(file);
    const fresh = await intrude({ name: 'fresh', certificate: decodeCertificate(bytes), bytes });
    fresh.send(MsgType.Heartbeat, heartbeat({ name: 'fresh', queues: ['duel'] }));
    const reports = duellists.map(nextReport);
    for (const player of duellists) player.play();
    const { of, value: allow } = await fresh.command<CmdAllowPlayers>(MsgType.CmdAllowPlayers);
    fresh.acknowledge(of);
    await Promise.all(duellists.map((player) => (player.match ? undefined : nextFound(player))));
    expect(await fresh.ask(MsgType.MatchStarted, { matchId: allow.matchId })).toBe('ok');
    expect(await fresh.ask(MsgType.MatchResult, resultOf(allow))).toBe('ok');
    await Promise.all(reports);
    const { masterPublicKey } = await siege.world.api.login(
      duellists[0]?.name ?? '',
      duellists[0]?.password ?? '',
    );
    expect(said.trim()).toBe(masterPublicKey);
  }, 60_000);
});
