import { randomBytes, randomUUID } from 'node:crypto';
import { accounts, BANNED_FOREVER, certificates, sessions } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { behindTheStore, clear, DIALECTS, START, type TestClock } from './databases.js';
import { aCertificate, MASTER_KEY_ID, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('sessions and certificates on %s', (dialect) => {
  let store: Store;
  let target: StoreTarget;
  let clock: TestClock;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(() => clear(target));

  async function aSession(accountId: string, expiresAt = START + 1000) {
    const session = {
      id: randomBytes(16).toString('hex'),
      accountId,
      accessDigest: randomBytes(32).toString('hex'),
      ticketKey: randomBytes(32),
      expiresAt,
    };
    await store.writeGrouped('login', (tx) => sessions.create(tx, session));
    return session;
  }

  describe('sessions', () => {
    it('are found by access digest and by ticket id, with the ticket key opened', async () => {
      const [accountId = ''] = await someAccounts(store, 1);
      const made = await aSession(accountId);
      const byDigest = await store.read((tx) => sessions.byAccessDigest(tx, made.accessDigest));
      expect(byDigest).toMatchObject({
        session: { id: made.id, accountId, createdAt: START, expiresAt: START + 1000, revokedAt: null },
        account: { id: accountId },
      });
      const byTicket = await store.read((tx) => sessions.byTicketId(tx, made.id));
      expect(byTicket?.ticketKey).toEqual(made.ticketKey);
      expect(byTicket?.account.id).toBe(accountId);
      expect(byTicket?.session).toEqual({ ...byDigest?.session, ticketKeySealed: undefined });
      expect(await store.read((tx) => sessions.byTicketId(tx, '0'.repeat(32)))).toBeNull();
      expect(await store.read((tx) => sessions.byAccessDigest(tx, '0'.repeat(64)))).toBeNull();
    });

    it('show a ban of the account', async () => {
      const [accountId = ''] = await someAccounts(store, 1);
      const made = await aSession(accountId);
      await store.write('ban', (tx) => accounts.ban(tx, accountId, { until: BANNED_FOREVER, reason: 'x' }));
      const found = await store.read((tx) => sessions.byTicketId(tx, made.id));
      expect(found?.account.bannedUntil).toBe(BANNED_FOREVER);
    });

    it('never keep the ticket key in clear, nor let it open in another row', async () => {
      const [accountId = ''] = await someAccounts(store, 1);
      const [one, other] = [await aSession(accountId), await aSession(accountId)];
      const rows = await behindTheStore(target, 'SELECT * FROM session');
      const dump = JSON.stringify(rows);
      expect(dump).not.toContain(one.ticketKey.toString('hex'));
      expect(dump).not.toContain(one.ticketKey.toString('base64url'));
      await behindTheStore(
        target,
        `UPDATE session SET ticket_key_sealed = (SELECT s.ticket_key_sealed FROM session s WHERE s.id = '${one.id}')
         WHERE id = '${other.id}'`,
      );
      await expect(store.read((tx) => sessions.byTicketId(tx, other.id))).rejects.toMatchObject({
        code: 'sealed_value',
      });
      expect((await store.read((tx) => sessions.byTicketId(tx, one.id)))?.ticketKey).toEqual(one.ticketKey);
    });

    it('are refused for an unknown account, a known id, a key of another length', async () => {
      const [accountId = ''] = await someAccounts(store, 1);
      await expect(aSession(randomUUID())).rejects.toMatchObject({ code: 'foreign_key' });
      const made = await aSession(accountId);
      await expect(store.write('again', (tx) => sessions.create(tx, made))).rejects.toMatchObject({
        code: 'unique',
      });
      await expect(
        store.write('short', (tx) => sessions.create(tx, { ...made, ticketKey: Buffer.alloc(31) })),
      ).rejects.toMatchObject({ code: 'invalid_value' });
    });

    it('are revoked one by one or all, once', async () => {
      const [accountId = '', another = ''] = await someAccounts(store, 2);
      const [a, b, c] = [await aSession(accountId), await aSession(accountId), await aSession(another)];
      const first = clock.advance(10);
      expect(await store.write('logout', (tx) => sessions.revoke(tx, a.id))).toBe(true);
      expect(await store.write('logout', (tx) => sessions.revoke(tx, a.id))).toBe(false);
      expect(await store.write('all', (tx) => sessions.revokeAll(tx, accountId))).toBe(1);
      expect((await store.read((tx) => sessions.byTicketId(tx, a.id)))?.session.revokedAt).toBe(first);
      expect((await store.read((tx) => sessions.byTicketId(tx, c.id)))?.session.revokedAt).toBeNull();
      const unknown = 'f'.repeat(32);
      expect(await store.read((tx) => sessions.endedAmong(tx, [a.id, b.id, c.id, unknown]))).toEqual([
        a.id,
        b.id,
        unknown,
      ]);
      expect(await store.read((tx) => sessions.endedAmong(tx, []))).toEqual([]);
    });

    it('that expired are deleted, oldest first and no more at once than wanted', async () => {
      const [accountId = ''] = await someAccounts(store, 1);
      const [old, fresh] = [await aSession(accountId, START - 1), await aSession(accountId, START)];
      const [older, oldest] = [await aSession(accountId, START - 2), await aSession(accountId, START - 3)];
      const left = async () => {
        const found = [old, fresh, older, oldest].map(({ id }) =>
          store.read((tx) => sessions.byTicketId(tx, id)),
        );
        return (await Promise.all(found)).map((row) => row !== null);
      };
      const clean = () => store.write('clean', (tx) => sessions.removeExpired(tx, START, 2));
      expect(await clean()).toBe(2);
      expect(await left()).toEqual([true, true, false, false]);
      expect(await clean()).toBe(1);
      expect(await clean()).toBe(0);
      expect(await left()).toEqual([false, true, false, false]);
    });
  });

  describe('certificates', () => {
    it('come back with and without their secret', async () => {
      const secret = randomBytes(32);
      const uuid = await aCertificate(store, { secret, name: 'eu-1', publicHost: 'play.example' });
      const record = await store.read((tx) => certificates.byUuid(tx, uuid));
      expect(record).toMatchObject({
        uuid,
        name: 'eu-1',
        publicHost: 'play.example',
        issuedAt: START / 1000 - 1000,
        expiresAt: START / 1000 + 86_400,
        masterKeyId: MASTER_KEY_ID,
        createdAt: START,
        changedAt: START,
        revokedAt: null,
        revokeReason: null,
      });
      expect(record?.secretSealed).toBeUndefined();
      const opened = await store.read((tx) => certificates.withSecret(tx, uuid));
      expect(opened?.secret).toEqual(secret);
      expect(opened?.certificate).toEqual({ ...record, secretSealed: undefined });
      expect(await store.read((tx) => certificates.withSecret(tx, randomUUID()))).toBeNull();
      const dump = JSON.stringify(await behindTheStore(target, 'SELECT * FROM certificate'));
      expect(dump).not.toContain(secret.toString('hex'));
      expect(dump).not.toContain(secret.toString('base64url'));
    });

    it('keep dates of a far year exactly', async () => {
      const uuid = await aCertificate(store, { issuedAt: 0, expiresAt: 253_402_300_799 });
      expect(await store.read((tx) => certificates.byUuid(tx, uuid))).toMatchObject({
        issuedAt: 0,
        expiresAt: 253_402_300_799,
      });
    });

    it('with a secret from another row do not open', async () => {
      const [one, other] = [await aCertificate(store), await aCertificate(store)];
      await behindTheStore(
        target,
        `UPDATE certificate SET secret_sealed = (SELECT c.secret_sealed FROM certificate c WHERE c.uuid = '${one}')
         WHERE uuid = '${other}'`,
      );
      await expect(store.read((tx) => certificates.withSecret(tx, other))).rejects.toMatchObject({
        code: 'sealed_value',
      });
    });

    it('are inserted once, with a secret of 32 bytes', async () => {
      const uuid = await aCertificate(store);
      const again = { uuid, name: 'x', issuedAt: 0, expiresAt: 1, secret: randomBytes(32), masterKeyId: 'k' };
      expect(await store.write('again', (tx) => certificates.insert(tx, again))).toBe('taken');
      await expect(
        store.write('short', (tx) => certificates.insert(tx, { ...again, secret: randomBytes(16) })),
      ).rejects.toMatchObject({ code: 'invalid_value' });
    });

    it('are listed in pages, and only the active ones if asked', async () => {
      const now = START / 1000;
      const uuids = (await Promise.all(Array.from({ length: 5 }, () => aCertificate(store)))).sort();
      const expired = await aCertificate(store, { expiresAt: now });
      const revoked = await aCertificate(store);
      await store.write('revoke', (tx) => certificates.revoke(tx, revoked, 'lost'));

      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await store.read((tx) =>
          certificates.list(tx, { limit: 2, ...(after === undefined ? {} : { after }) }),
        );
        if (page.length === 0) break;
        seen.push(...page.map((one) => one.uuid));
        after = seen.at(-1);
      }
      expect(seen).toEqual([...uuids, expired, revoked].sort());
      const active = await store.read((tx) => certificates.list(tx, { active: true }));
      expect(active.map((one) => one.uuid)).toEqual(uuids);
      expect(await store.read(certificates.countActive)).toBe(5);
    });

    it('that expire soon are named, next first, without dead ones', async () => {
      const now = START / 1000;
      const later = await aCertificate(store, { expiresAt: now + 20 });
      const soon = await aCertificate(store, { expiresAt: now + 10 });
      await aCertificate(store, { expiresAt: now + 21 });
      await aCertificate(store, { expiresAt: now });
      const revoked = await aCertificate(store, { expiresAt: now + 5 });
      await store.write('revoke', (tx) => certificates.revoke(tx, revoked, 'x'));
      const found = await store.read((tx) => certificates.expiring(tx, now + 20));
      expect(found.map((one) => one.uuid)).toEqual([soon, later]);
      expect(found[0]).not.toHaveProperty('secretSealed');
    });

    it('are revoked once, and the change is seen', async () => {
      const [a, b] = [await aCertificate(store), await aCertificate(store)];
      const at = clock.advance(5000);
      expect(await store.write('revoke', (tx) => certificates.revoke(tx, a, `stolen'); --`))).toBe(true);
      expect(await store.write('revoke', (tx) => certificates.revoke(tx, a, 'again'))).toBe(false);
      expect(await store.write('revoke', (tx) => certificates.revoke(tx, randomUUID(), 'x'))).toBe(false);
      expect(await store.read((tx) => certificates.byUuid(tx, a))).toMatchObject({
        revokedAt: at,
        revokeReason: `stolen'); --`,
        changedAt: at,
      });
      const unknown = randomUUID();
      expect(await store.read((tx) => certificates.revokedAmong(tx, [a, b, unknown]))).toEqual([a, unknown]);
      expect(await store.read((tx) => certificates.revokedAmong(tx, []))).toEqual([]);
    });

    it('are counted by master key', async () => {
      await aCertificate(store);
      await aCertificate(store, { masterKeyId: 'b'.repeat(32) });
      await aCertificate(store, { expiresAt: START / 1000 });
      const revoked = await aCertificate(store);
      await store.write('revoke', (tx) => certificates.revoke(tx, revoked, 'x'));
      expect(await store.read((tx) => certificates.countActiveUnderKey(tx, MASTER_KEY_ID))).toBe(1);
      expect(await store.read((tx) => certificates.countActiveUnderKey(tx, 'c'.repeat(32)))).toBe(0);
    });
  });
});
