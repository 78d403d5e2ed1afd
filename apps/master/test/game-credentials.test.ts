import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { masterKeyId, publicKeyFromSeed } from '@ranked/cert';
import { accounts, certificates, gameServers, sessions, settings } from '@ranked/store';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

test('a revoked certificate: its connection ends at the next look, its next heartbeat never counts', async () => {
  const rig = await startRig();
  const [stolen, other] = [await rig.server('stolen'), await rig.server('other')];
  await rig.tick();
  const before = await rig.store.read((tx) => gameServers.byId(tx, stolen.id));
  await rig.store.write('revoke', (tx) => certificates.revoke(tx, stolen.id, 'stolen'));
  // Between the change and the look a heartbeat comes and a tick runs: it is not written.
  await rig.tick();
  expect(await rig.store.read((tx) => gameServers.byId(tx, stolen.id))).toEqual(before);
  await rig.ticker.watchOnce();
  expect(stolen.connection?.closes).toEqual(['revoked']);
  expect(other.isConnected).toBe(true);
  stolen.heartbeat();
  await rig.tick();
  expect(await rig.store.read((tx) => gameServers.byId(tx, stolen.id))).toMatchObject({
    online: false,
    lastSeen: before?.lastSeen,
  });
});

test('no match goes to a server between its revocation and the end of its connection', async () => {
  const rig = await startRig();
  const stolen = await rig.server('stolen');
  await rig.tick();
  const [ann, bob] = await rig.pair();
  await ann.join();
  await bob.join();
  await rig.store.write('revoke', (tx) => certificates.revoke(tx, stolen.id, 'stolen'));
  expect((await rig.tick()).created).toEqual([]);
  expect(stolen.commands).toEqual([]);
});

test('an expired certificate ends by the clock', async () => {
  const rig = await startRig();
  const server = await rig.server('short', { connect: false });
  server.expiresAt = rig.clock.now() + 10_000;
  server.connect();
  rig.clock.advance(9_999);
  await rig.ticker.watchOnce();
  expect(server.isConnected).toBe(true);
  rig.clock.advance(1);
  await rig.ticker.watchOnce();
  expect(server.connection?.closes).toEqual(['expired']);
});

test('a rotated master key ends every channel whose certificate it did not sign', async () => {
  const rig = await startRig();
  const old = [await rig.server(), await rig.server()];
  const [ann] = await rig.pair();
  const seed = randomBytes(32);
  const keyId = masterKeyId(publicKeyFromSeed(seed));
  // The row first: certificates of the old key are void although the key file is still the old one.
  await rig.store.write('rotate', (tx) => settings.setMasterKeyId(tx, keyId));
  await rig.ticker.watchOnce();
  expect(old.map((server) => server.connection?.closes)).toEqual([['not_signed'], ['not_signed']]);
  expect(ann.isConnected).toBe(true);
  expect(rig.keys.current().keyId).not.toBe(keyId);
  writeFileSync(rig.keys.path, `ranked-master-key-1:${seed.toString('hex')}\n`);
  await rig.ticker.watchOnce();
  expect(rig.keys.current().keyId).toBe(keyId);
  const fresh = await rig.server('fresh');
  await rig.ticker.watchOnce();
  expect(fresh.isConnected).toBe(true);
});

test('a logout ends the connection of that ticket, a ban that of the account', async () => {
  const rig = await startRig();
  const [ann, bob] = await rig.pair();
  const [cy] = await rig.connectedPlayers(1);
  await rig.store.write('logout', (tx) => sessions.revoke(tx, ann.ticketId));
  await rig.store.write('ban', (tx) =>
    accounts.ban(tx, bob.accountId, { until: rig.clock.now() + 60_000, reason: 'test' }),
  );
  await rig.ticker.watchOnce();
  expect(ann.connection?.closes).toEqual(['revoked']);
  expect(bob.connection?.closes).toEqual(['banned']);
  expect(cy?.isConnected).toBe(true);
});

test('a lifted ban ends nothing', async () => {
  const rig = await startRig();
  const [ann] = await rig.pair();
  await rig.store.write('ban', (tx) =>
    accounts.ban(tx, ann.accountId, { until: rig.clock.now() + 60_000, reason: 'test' }),
  );
  await rig.store.write('unban', (tx) => accounts.unban(tx, ann.accountId));
  await rig.ticker.watchOnce();
  expect(ann.isConnected).toBe(true);
});

test.each([-3_600_000, -60_000, 60_000])(
  'written by a process whose clock is %d ms off, it ends the connection at the next look all the same',
  async (offset) => {
    const rig = await startRig();
    const stolen = await rig.server('stolen');
    const [ann, bob] = await rig.pair();
    await rig.ticker.watchOnce();
    rig.clock.advance(offset);
    await rig.store.write('revoke', (tx) => certificates.revoke(tx, stolen.id, 'stolen'));
    await rig.store.write('logout', (tx) => sessions.revoke(tx, ann.ticketId));
    const until = rig.clock.now() - offset + 600_000;
    await rig.store.write('ban', (tx) => accounts.ban(tx, bob.accountId, { until, reason: 'test' }));
    rig.clock.advance(-offset);
    await rig.ticker.watchOnce();
    expect(stolen.connection?.closes).toEqual(['revoked']);
    expect(ann.connection?.closes).toEqual(['revoked']);
    expect(bob.connection?.closes).toEqual(['banned']);
  },
);
