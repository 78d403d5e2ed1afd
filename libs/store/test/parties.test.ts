import { randomUUID } from 'node:crypto';
import { parties, playerBlocks, queue } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import { aServer, makeMatches, matchOf, RULES, someAccounts } from './fixtures.js';
import { LIMITS, memberIds, OUT_MS, partyActions, SILENCE_MS } from './party-actions.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('parties on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let target: StoreTarget;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(async () => {
    await clear(target);
    server = await aServer(store, { capacity: 1000 });
  });
  const { invite, accept, leave, partyOf, byId, due, tidy, aParty } = partyActions(() => ({ store, clock }));

  it('an invitation makes the party, and taking it up makes a member', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    expect(await invite(ann, bob)).toMatchObject({ status: 'invited' });
    const party = await partyOf(ann);
    expect(party).toMatchObject({
      leaderId: ann,
      queue: null,
      version: 1,
      invites: [{ accountId: bob, hidden: false }],
    });
    expect(await store.read((tx) => parties.invitationsOf(tx, bob))).toEqual([party?.id]);
    expect(await invite(ann, bob)).toEqual({ status: 'invited', partyId: party?.id });
    expect((await partyOf(ann))?.version).toBe(1);
    clock.advance(1);
    expect(await accept(party?.id ?? '', bob)).toEqual({ status: 'accepted', partyId: party?.id });
    expect(await partyOf(bob)).toMatchObject({ version: 2, invites: [], leaderId: ann });
    expect(memberIds(await partyOf(bob))).toEqual([ann, bob]);
    expect(await accept(party?.id ?? '', bob)).toMatchObject({ status: 'accepted' });
    expect(await store.read((tx) => parties.changedSince(tx, START))).toEqual([
      { id: party?.id, version: 2 },
    ]);
  });

  it('refuses what is not an invitation of his', async () => {
    const [ann = '', bob = '', cy = ''] = await someAccounts(store, 3);
    await invite(ann, bob);
    const id = (await partyOf(ann))?.id ?? '';
    expect(await accept(id, cy)).toEqual({ status: 'unknown_invite' });
    expect(await accept(randomUUID(), bob)).toEqual({ status: 'unknown_invite' });
    expect(await invite(bob, bob)).toEqual({ status: 'already_member' });
    await expect(invite(ann, randomUUID())).rejects.toMatchObject({ code: 'foreign_key' });
    expect(await partyOf(bob)).toBeUndefined();
    clock.advance(LIMITS.inviteMs);
    expect(await accept(id, bob)).toEqual({ status: 'unknown_invite' });
  });

  it('only the leader invites, removes and hands over', async () => {
    const { members } = await aParty(2);
    const [ann = '', bob = ''] = members;
    const [cy = ''] = await someAccounts(store, 1);
    const kick = (leaderId: string, accountId: string) =>
      store.write('kick', (tx) => parties.kick(tx, { leaderId, accountId }));
    const promote = (leaderId: string, accountId: string) =>
      store.write('promote', (tx) => parties.promote(tx, { leaderId, accountId }));
    expect(await invite(bob, cy)).toEqual({ status: 'not_leader' });
    expect(await kick(bob, ann)).toEqual({ status: 'not_leader' });
    expect(await promote(bob, bob)).toEqual({ status: 'not_leader' });
    expect(await kick(cy, ann)).toEqual({ status: 'not_leader' });
    expect(await kick(ann, cy)).toEqual({ status: 'not_member' });
    expect(await kick(ann, ann)).toEqual({ status: 'not_member' });
    expect(await promote(ann, bob)).toMatchObject({ status: 'promoted' });
    expect(await partyOf(ann)).toMatchObject({ leaderId: bob });
    expect(await kick(bob, ann)).toMatchObject({ status: 'kicked' });
    expect(await partyOf(bob)).toBeUndefined();
  });

  it('is no larger than a team; invitations are bounded on both sides', async () => {
    const { id, members } = await aParty(2);
    const [ann = ''] = members;
    const others = await someAccounts(store, 5);
    for (const accountId of others.slice(0, 4))
      expect(await invite(ann, accountId)).toMatchObject({ status: 'invited' });
    expect(await invite(ann, others[4] ?? '')).toEqual({ status: 'too_many_invites' });
    expect(await accept(id, others[0] ?? '')).toMatchObject({ status: 'accepted' });
    expect(await accept(id, others[1] ?? '')).toEqual({ status: 'party_full' });
    expect(await invite(ann, others[4] ?? '')).toEqual({ status: 'party_full' });
    expect(await invite(others[4] ?? '', ann, { ...LIMITS, size: 1 })).toEqual({ status: 'party_full' });
    expect(await partyOf(others[4] ?? '')).toBeUndefined();

    const [wanted = '', ...fans] = await someAccounts(store, 4);
    for (const fan of fans) {
      await invite(fan, wanted);
      clock.advance(1);
    }
    const open = await store.read((tx) => parties.invitationsOf(tx, wanted));
    expect(open).toEqual([(await partyOf(fans[1] ?? ''))?.id, (await partyOf(fans[2] ?? ''))?.id]);
    const first = (await partyOf(fans[0] ?? ''))?.id ?? '';
    expect(await due()).toEqual([first]);
    await tidy();
    expect(await byId(first)).toMatchObject({ endedAt: clock.ms, members: [], invites: [] });
  });

  it('whoever blocks the inviter sees nothing, and the inviter sees what he always sees', async () => {
    const [ann = '', bob = '', cy = ''] = await someAccounts(store, 3);
    await store.write('block', (tx) => playerBlocks.add(tx, { ownerId: bob, blockedId: ann, limit: 10 }));
    const [toBob, toCy] = [await invite(ann, bob), await invite(ann, cy)];
    expect(toBob).toEqual(toCy);
    const party = await partyOf(ann);
    expect(party?.invites).toMatchObject(
      [
        { accountId: bob, hidden: true },
        { accountId: cy, hidden: false },
      ].sort((a, b) => (a.accountId < b.accountId ? -1 : 1)),
    );
    expect(await store.read((tx) => parties.invitationsOf(tx, bob))).toEqual([]);
    expect(await store.read((tx) => parties.concerning(tx, [bob]))).toEqual([]);
    expect(await accept(party?.id ?? '', bob)).toEqual({ status: 'unknown_invite' });
    await store.write('decline', (tx) => parties.decline(tx, { partyId: party?.id ?? '', accountId: bob }));
    expect((await partyOf(ann))?.invites).toHaveLength(2);
    expect(await invite(bob, ann)).toEqual({ status: 'blocked' });
  });

  it('ends with its last member but one; before that the longest member leads', async () => {
    const { id, members } = await aParty(3);
    const [ann = '', bob = '', cy = ''] = members;
    expect(await leave(ann)).toBe(id);
    expect(await partyOf(bob)).toMatchObject({
      leaderId: bob,
      note: expect.stringMatching(/^name .* left the party\.$/),
    });
    expect(await leave(ann)).toBeNull();
    await leave(cy);
    expect(await partyOf(bob)).toBeUndefined();
    expect(await byId(id)).toMatchObject({ endedAt: clock.ms, members: [] });
    clock.advance(10);
    expect(await store.write('sweep', (tx) => parties.removeEnded(tx, clock.ms, 10))).toBe(1);
    expect(await byId(id)).toBeUndefined();
  });

  it('declined by the only one who was invited, it ends', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    await invite(ann, bob);
    const id = (await partyOf(ann))?.id ?? '';
    await store.write('decline', (tx) => parties.decline(tx, { partyId: id, accountId: bob }));
    expect(await partyOf(ann)).toBeUndefined();
    await store.write('decline', (tx) => parties.decline(tx, { partyId: id, accountId: bob }));
  });

  it('two who invite each other can take up either; who is in a party of several cannot', async () => {
    const [ann = '', bob = ''] = await someAccounts(store, 2);
    await invite(ann, bob);
    await invite(bob, ann);
    const [own, others] = [(await partyOf(bob))?.id ?? '', (await partyOf(ann))?.id ?? ''];
    expect(await accept(others, bob)).toMatchObject({ status: 'accepted' });
    expect(await byId(own)).toMatchObject({ endedAt: clock.ms });
    const [cy = ''] = await someAccounts(store, 1);
    await invite(cy, bob);
    expect(await accept((await partyOf(cy))?.id ?? '', bob)).toEqual({ status: 'in_party' });
  });

  it('shows who is away, and after a long while is without him, unless he plays', async () => {
    const { id, members } = await aParty(3);
    const [ann = '', bob = '', cy = ''] = members;
    const left = clock.advance(1000);
    await store.write('away', (tx) =>
      parties.markAway(tx, [{ accountId: ann, connectionId: 'c', at: left }], SILENCE_MS),
    );
    expect(await due()).toEqual([id]);
    await tidy();
    const online = async () => (await byId(id))?.members.map((member) => member.online);
    expect(await online()).toEqual([false, true, true]);
    expect(await partyOf(bob)).toMatchObject({ leaderId: ann, note: `name ${ann.slice(0, 4)} went away.` });
    const { version = 0 } = (await byId(id)) ?? {};
    await store.write('seen', (tx) => parties.seen(tx, [bob, cy]));
    expect((await byId(id))?.version).toBe(version);
    await store.write('seen', (tx) => parties.seen(tx, [ann]));
    expect(await online()).toEqual([true, true, true]);
    expect((await byId(id))?.version).toBe(version + 1);

    const [dan = ''] = await someAccounts(store, 1);
    await store.write('match', async (tx) => {
      for (const accountId of [bob, dan]) await queue.join(tx, { accountId, queue: 'duel' });
      const plan = matchOf(server, [[bob], [dan]]);
      await makeMatches(tx, { queue: 'duel', rules: RULES, reserveExpiresAt: START, matches: [plan] });
    });
    clock.advance(OUT_MS);
    await store.write('seen', (tx) => parties.seen(tx, [cy]));
    await tidy();
    expect(memberIds(await byId(id))).toEqual([bob, cy]);
    expect(await byId(id)).toMatchObject({ leaderId: cy });
    expect(await due()).toEqual([]);
  });
});
