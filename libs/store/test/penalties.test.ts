import { randomUUID } from 'node:crypto';
import { accounts, leaveFaults, parties, penalties, queue } from '../src/index.js';
import type { Penalty, Store, StoreTarget } from '../src/index.js';
import { behindTheStore, DIALECTS, START, type TestClock } from './databases.js';
import { aMatch, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('penalties on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  let target: StoreTarget;
  withStore(dialect, (parts) => ({ store, clock, server, target } = parts));
  beforeEach(async () => {
    for (const table of ['penalty', 'leave_fault']) await behindTheStore(target, `DELETE FROM ${table}`);
  });

  /** One level more, and a cooldown of a second. */
  const more = (before: Penalty | undefined) => ({
    level: (before?.level ?? 0) + 1 / 3,
    until: clock.ms + 1_000,
    changedAt: clock.ms,
  });
  const raise = (...ids: string[]) => store.writeGrouped('penalty', (tx) => penalties.raise(tx, ids, more));
  const of = (...ids: string[]) => store.read((tx) => penalties.ofAccounts(tx, ids));

  test('rise from none, to the last bit, each account once however often it is named', async () => {
    const [ann = '', bob = '', cy = ''] = await someAccounts(store, 3);
    await raise(ann, bob, ann);
    clock.advance(500);
    await raise(bob);
    expect(await of(ann, bob, cy)).toEqual(
      [
        { accountId: ann, level: 1 / 3, until: START + 1_000, changedAt: START },
        { accountId: bob, level: 2 / 3, until: START + 1_500, changedAt: START + 500 },
      ].sort((a, b) => (a.accountId < b.accountId ? -1 : 1)),
    );
  });

  test('none of several at once is lost', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    await Promise.all(
      Array.from({ length: 9 }, (_, n) =>
        store.write('penalty', (tx) => penalties.raise(tx, n % 2 === 0 ? [ann, bob] : [bob, ann], more)),
      ),
    );
    for (const { level } of await of(ann, bob)) expect(level).toBeCloseTo(3, 10);
  });

  test('keep their account out until the very moment they end', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    await raise(ann);
    const cooldown = (id: string) => store.read((tx) => penalties.cooldownOf(tx, id));
    expect([await cooldown(ann), await cooldown(bob)]).toEqual([START + 1_000, null]);
    clock.advance(999);
    expect(await cooldown(ann)).toBe(START + 1_000);
    clock.advance(1);
    expect(await cooldown(ann)).toBeNull();
  });

  test('are read with all else that keeps an account out of a queue', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    const standing = (id: string) => store.read((tx) => queue.standingOf(tx, id));
    const free = { matchId: null, partyId: null, isBanned: false, cooldownUntil: null };
    expect([await standing(ann), await standing(bob), await standing('nobody')]).toEqual([free, free, null]);
    await raise(ann);
    const partyId = randomUUID();
    await store.write('all of it', async (tx) => {
      await accounts.ban(tx, ann, { until: START + 500, reason: 'cheats' });
      const limits = { size: 2, sent: 1, received: 1, inviteMs: 1_000 };
      await parties.invite(tx, { partyId, inviterId: ann, accountId: bob, online: true, limits });
    });
    const { id: matchId } = await aMatch(store, server, [[ann], [bob]]);
    expect(await standing(ann)).toEqual({ matchId, partyId, isBanned: true, cooldownUntil: START + 1_000 });
    expect(await standing(bob)).toEqual({ ...free, matchId });
    clock.advance(500);
    expect(await standing(ann)).toMatchObject({ isBanned: false, cooldownUntil: START + 1_000 });
    clock.advance(500);
    expect(await standing(ann)).toMatchObject({ isBanned: false, cooldownUntil: null });
  });

  test('of an account that does not exist are refused', async () => {
    await expect(raise('nobody')).rejects.toMatchObject({ code: 'foreign_key' });
  });

  test('and faults of long ago are forgotten, oldest first, a bounded number at a time', async () => {
    const ids = await someAccounts(store, 3);
    for (const id of ids) {
      await raise(id);
      await store.writeGrouped('fault', (tx) => leaveFaults.note(tx, server, [id]));
      clock.advance(100);
    }
    const remove = (before: number, limit: number) =>
      store.writeGrouped('sweep', async (tx) => [
        await penalties.removeOld(tx, before, limit),
        await leaveFaults.removeOld(tx, before, limit),
      ]);
    // Their cooldowns are not over.
    expect((await remove(START + 300, 10))[0]).toBe(0);
    clock.advance(1_000);
    for (const id of ids) await store.writeGrouped('fault', (tx) => leaveFaults.note(tx, server, [id]));
    clock.ms = START + 10_000;
    expect(await remove(START + 200, 1)).toEqual([1, 0]);
    const left = (await of(...ids)).map(({ accountId }) => accountId);
    expect(left.sort()).toEqual(ids.slice(1).sort());
    await remove(START + 200, 10);
    expect(await of(...ids)).toHaveLength(1);
    expect(await remove(clock.ms, 10)).toEqual([1, 3]);
  });

  test('faults are counted by the server on whose word they were punished', async () => {
    const [ann = '', bob = '', cy = ''] = await someAccounts(store, 3);
    const note = (serverId: string, ...ids: string[]) =>
      store.writeGrouped('fault', (tx) => leaveFaults.note(tx, serverId, ids));
    await note(server, ann);
    clock.advance(100);
    await note(server, bob, cy);
    await note('another', ann);
    const since = (at: number) =>
      store.read((tx) =>
        leaveFaults.byServer(tx, { serverId: server, since: at, among: [ann, bob, 'nobody'] }),
      );
    expect(await since(START)).toEqual({ count: 3, accountIds: [ann, bob].sort() });
    expect(await since(START + 1)).toEqual({ count: 2, accountIds: [bob] });
    await note(server, ann);
    expect(await since(START + 1)).toEqual({ count: 3, accountIds: [ann, bob].sort() });
  });
});
