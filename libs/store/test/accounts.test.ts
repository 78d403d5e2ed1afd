import { randomUUID } from 'node:crypto';
import { accounts, BANNED_FOREVER, queue, usernameKey } from '../src/index.js';
import type { Store } from '../src/index.js';
import { DIALECTS, START, type TestClock } from './databases.js';
import { someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe('usernameKey', () => {
  it.each([
    ['letter case', 'Ranked', 'rANKED'],
    ['full-width letters', 'Ｂｏｂ', 'bob'],
    ['ligatures', 'ﬁsh', 'FISH'],
    ['sharp s', 'straße', 'STRASSE'],
    ['final sigma', 'ΣΙΣΥΦΟΣ', 'σισυφος'],
    ['composed and decomposed accents', 'Jos\u00e9', 'jose\u0301'],
  ])('joins %s', (_, one, other) => {
    expect(usernameKey(one)).toBe(usernameKey(other));
  });

  it('keeps different names apart', () => {
    expect(new Set(['bob', 'b0b', 'bob ', 'bób', 'боb'].map(usernameKey)).size).toBe(5);
  });
});

describe.each(DIALECTS)('accounts on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  withStore(dialect, (parts) => ({ store, clock } = parts));

  function create(username: string, id = randomUUID()) {
    return store.writeGrouped('create', (tx) =>
      accounts.create(tx, { id, username, displayName: username, passwordHash: 'argon2id' }),
    );
  }

  it('gives back what it stored, by id and by any spelling of the name', async () => {
    const made = await create('Zoë');
    if (made === 'taken') throw new Error('taken');
    expect(made).toMatchObject({ username: 'Zoë', usernameKey: 'zoë', createdAt: START, bannedUntil: null });
    for (const find of [
      (await store.read((tx) => accounts.byId(tx, made.id)))!,
      (await store.read((tx) => accounts.byUsername(tx, 'ZOE\u0308')))!,
    ]) {
      expect(find).toMatchObject(made);
    }
    expect(await store.read((tx) => accounts.byUsername(tx, 'zoe'))).toBeNull();
    expect(await store.read((tx) => accounts.byId(tx, randomUUID()))).toBeNull();
  });

  it('refuses a name that differs only in spelling, and an id twice', async () => {
    const id = randomUUID();
    expect(await create('Straße', id)).not.toBe('taken');
    expect(await create('STRASSE')).toBe('taken');
    expect(await create('another', id)).toBe('taken');
  });

  it('lets one of many simultaneous registrations of a name win', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => create('contested')));
    expect(outcomes.filter((outcome) => outcome !== 'taken')).toHaveLength(1);
  });

  it.each([
    `'; DROP TABLE account; --`,
    `" OR 1=1 --`,
    '$1 ?1 :name @x \\ % _',
    'emoji 🏆 and 漢字 and عربي',
    '\u202eevil\u202c\u200d',
    ' \t\n ',
  ])('stores hostile text as it is: %j', async (name) => {
    const id = randomUUID();
    await store.writeGrouped('create', (tx) =>
      accounts.create(tx, { id, username: name, displayName: name, passwordHash: name }),
    );
    expect(await store.read((tx) => accounts.byId(tx, id))).toMatchObject({
      username: name,
      displayName: name,
      passwordHash: name,
    });
    expect(await store.read((tx) => accounts.byUsername(tx, name))).toMatchObject({ id });
  });

  it.each([
    ['a NUL', 'a\0b'],
    ['half a surrogate pair', 'a\ud800b'],
    ['the other half', '\udc00'],
  ])('refuses %s, on both databases alike, and goes on', async (what, name) => {
    await expect(create(name)).rejects.toMatchObject({ code: 'invalid_text' });
    await expect(store.read((tx) => accounts.byUsername(tx, name))).rejects.toMatchObject({
      code: 'invalid_text',
    });
    expect(await create(`fine ${what}`)).not.toBe('taken');
  });

  it('changes password hash and display name', async () => {
    const [id = ''] = await someAccounts(store, 1);
    expect(await store.write('hash', (tx) => accounts.setPasswordHash(tx, id, 'new'))).toBe(true);
    expect(await store.write('name', (tx) => accounts.setDisplayName(tx, id, 'New'))).toBe(true);
    expect(await store.write('hash', (tx) => accounts.setPasswordHash(tx, randomUUID(), 'new'))).toBe(false);
    expect(await store.write('name', (tx) => accounts.setDisplayName(tx, randomUUID(), 'New'))).toBe(false);
    expect(await store.read((tx) => accounts.byId(tx, id))).toMatchObject({
      passwordHash: 'new',
      displayName: 'New',
    });
  });

  it('replaces the hash of a password by another of it, and not the hash of a newer password', async () => {
    const [id = ''] = await someAccounts(store, 1);
    const replace = (from: string, to: string) =>
      store.write('rehash', (tx) => accounts.replacePasswordHash(tx, id, { from, to }));
    expect(await replace('hash', 'stronger')).toBe(true);
    await store.write('reset', (tx) => accounts.setPasswordHash(tx, id, 'reset'));
    expect(await replace('stronger', 'strongest')).toBe(false);
    expect((await store.read((tx) => accounts.byId(tx, id)))?.passwordHash).toBe('reset');
  });

  it('finds several and counts all', async () => {
    const before = await store.read(accounts.count);
    const ids = await someAccounts(store, 3);
    expect(await store.read(accounts.count)).toBe(before + 3);
    const found = await store.read((tx) => accounts.byIds(tx, [...ids, randomUUID()]));
    expect(found.map((account) => account.id).sort()).toEqual([...ids].sort());
    expect(await store.read((tx) => accounts.byIds(tx, []))).toEqual([]);
  });

  it('bans for a time and for ever, and takes the banned out of the queue', async () => {
    const [a = '', b = '', c = ''] = await someAccounts(store, 3);
    await store.write('join', (tx) => queue.join(tx, { accountId: a, queue: 'duel' }));
    const at = clock.advance(1000);
    expect(await store.write('ban', (tx) => accounts.ban(tx, a, { until: at + 500, reason: 'cheats' }))).toBe(
      true,
    );
    expect(
      await store.write('ban', (tx) => accounts.ban(tx, b, { until: BANNED_FOREVER, reason: 'x' })),
    ).toBe(true);
    expect(await store.write('ban', (tx) => accounts.ban(tx, randomUUID(), { until: at, reason: '' }))).toBe(
      false,
    );

    expect(await store.read((tx) => queue.entryOf(tx, a))).toBeNull();
    expect(await store.read((tx) => accounts.byId(tx, b))).toMatchObject({ bannedUntil: BANNED_FOREVER });
    expect((await store.read((tx) => accounts.bannedAmong(tx, [a, b, c]))).sort()).toEqual([a, b].sort());

    clock.advance(500);
    expect(await store.read((tx) => accounts.bannedAmong(tx, [a, b, c]))).toEqual([b]);
    expect(await store.write('unban', (tx) => accounts.unban(tx, b))).toBe(true);
    expect(await store.write('unban', (tx) => accounts.unban(tx, b))).toBe(false);
    expect(await store.read((tx) => accounts.bannedAmong(tx, [a, b, c]))).toEqual([]);
  });

  it('a ban ends at its instant', () => {
    expect(accounts.isBanned({ bannedUntil: null }, 5)).toBe(false);
    expect(accounts.isBanned({ bannedUntil: 6 }, 5)).toBe(true);
    expect(accounts.isBanned({ bannedUntil: 5 }, 5)).toBe(false);
  });
});
