import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { masterKeyId, publicKeyFromSeed } from '@ranked/cert';
import { writeMasterKey } from '@ranked/cert/files';
import { ticketAuthKey } from '@ranked/protocol';
import {
  accounts,
  BANNED_FOREVER,
  certificates,
  openStore,
  sessions,
  settings,
  type Store,
} from '@ranked/store';
import { CertificateAuthenticator } from '../src/channel/certificate-authenticator.js';
import type { PlayerPeer, ServerPeer } from '../src/channel/peer.js';
import { TicketAuthenticator } from '../src/channel/ticket-authenticator.js';
import { MasterKeys } from '../src/keys/master-keys.js';
import { ManualClock } from './support/manual-clock.js';

const clock = new ManualClock();
let directory: string;
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ranked-authenticators-'));
  const target = { kind: 'sqlite' as const, path: join(directory, 'ranked.sqlite') };
  store = await openStore(target, { databaseKey: randomBytes(32), now: () => clock.now() });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('game servers, by certificate', () => {
  const uuid = randomUUID();
  const secret = randomBytes(32);
  let authenticator: CertificateAuthenticator;
  let keyId: string;

  beforeEach(async () => {
    const seed = randomBytes(32);
    writeMasterKey(join(directory, 'master.key'), seed);
    keyId = masterKeyId(publicKeyFromSeed(seed));
    authenticator = new CertificateAuthenticator(store, new MasterKeys(join(directory, 'master.key')), clock);
    const issuedAt = Math.floor(clock.now() / 1000);
    await store.write('test', (tx) =>
      certificates.insert(tx, {
        uuid,
        name: 'eu-1',
        issuedAt,
        expiresAt: issuedAt + 60,
        secret,
        masterKeyId: keyId,
        publicHost: 'play.example',
      }),
    );
  });

  async function peer(): Promise<ServerPeer> {
    const found = await authenticator.find(uuid);
    return found?.peerAt('192.0.2.1') as ServerPeer;
  }

  test('are found with their secret', async () => {
    const found = await authenticator.find(uuid);
    expect(found).toMatchObject({ revoked: false, maintenance: false });
    expect(Buffer.from(found?.auth ?? [])).toEqual(secret);
    expect(await peer()).toEqual({
      kind: 'server',
      certificateId: uuid,
      name: 'eu-1',
      publicHost: 'play.example',
      remoteAddress: '192.0.2.1',
      masterKeyId: keyId,
      expiresAt: (Math.floor(clock.now() / 1000) + 60) * 1000,
    });
    expect(await authenticator.isStillValid(await peer())).toBe(true);
  });

  test('that nobody knows are not found', async () => {
    expect(await authenticator.find(randomUUID())).toBeUndefined();
    expect(await authenticator.isStillValid({ ...(await peer()), certificateId: randomUUID() })).toBe(false);
  });

  test('that are revoked are found as such, and not valid', async () => {
    const before = await peer();
    await store.write('test', (tx) => certificates.revoke(tx, uuid, 'stolen'));
    expect(await authenticator.find(uuid)).toMatchObject({ revoked: true });
    expect(await authenticator.isStillValid(before)).toBe(false);
  });

  test('are not valid once they have expired', async () => {
    const before = await peer();
    clock.advance(60_000);
    expect(await authenticator.isStillValid(before)).toBe(false);
  });

  test('are not valid under another master key', async () => {
    const other = join(directory, 'other.key');
    writeMasterKey(other, randomBytes(32));
    const rotated = new CertificateAuthenticator(store, new MasterKeys(other), clock);
    expect(await rotated.isStillValid(await peer())).toBe(false);
  });

  test('come in during maintenance', async () => {
    await store.write('test', (tx) => settings.setMaintenance(tx, true));
    expect(await authenticator.find(uuid)).toMatchObject({ maintenance: false });
  });
});

describe('players, by ticket', () => {
  const ticketKey = ticketAuthKey(randomBytes(32));
  const ticketId = randomBytes(16).toString('hex');
  let accountId: string;
  let authenticator: TicketAuthenticator;

  beforeEach(async () => {
    accountId = randomUUID();
    authenticator = new TicketAuthenticator(store, clock);
    await store.write('test', async (tx) => {
      await accounts.create(tx, { id: accountId, username: 'ann', displayName: 'Ann', passwordHash: 'x' });
      const accessDigest = randomBytes(32).toString('hex');
      await sessions.create(tx, {
        id: ticketId,
        accountId,
        accessDigest,
        ticketKey,
        expiresAt: clock.now() + 60_000,
      });
    });
  });

  async function peer(): Promise<PlayerPeer> {
    const found = await authenticator.find(ticketId);
    return found?.peerAt('192.0.2.1') as PlayerPeer;
  }

  test('are found with the key of their ticket', async () => {
    const found = await authenticator.find(ticketId);
    expect(found).toMatchObject({
      revoked: false,
      banned: false,
      maintenance: false,
      expiresAt: clock.now() + 60_000,
    });
    expect(Buffer.from(found?.auth ?? [])).toEqual(ticketKey);
    expect(await peer()).toMatchObject({
      kind: 'player',
      accountId,
      ticketId,
      displayName: 'Ann',
      remoteAddress: '192.0.2.1',
    });
    expect(await authenticator.isStillValid(await peer())).toBe(true);
  });

  test.each<[string, (now: Store) => Promise<unknown>, object]>([
    ['logged out', (s) => s.write('test', (tx) => sessions.revoke(tx, ticketId)), { revoked: true }],
    [
      'banned',
      (s) => s.write('test', (tx) => accounts.ban(tx, accountId, { until: BANNED_FOREVER, reason: 'x' })),
      { banned: true },
    ],
  ])('that are %s are found as such, and not valid', async (_case, change, fields) => {
    const before = await peer();
    await change(store);
    expect(await authenticator.find(ticketId)).toMatchObject(fields);
    expect(await authenticator.isStillValid(before)).toBe(false);
  });

  test('are not valid once their ticket has expired, and not known without one', async () => {
    const before = await peer();
    expect(await authenticator.find('00'.repeat(16))).toBeUndefined();
    expect(await authenticator.isStillValid({ ...before, ticketId: '00'.repeat(16) })).toBe(false);
    clock.advance(60_000);
    expect(await authenticator.isStillValid(before)).toBe(false);
  });

  test('stay out during maintenance', async () => {
    await store.write('test', (tx) => settings.setMaintenance(tx, true));
    expect(await authenticator.find(ticketId)).toMatchObject({ maintenance: true });
  });
});
