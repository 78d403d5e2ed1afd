import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { accounts, matches, parties, playerBlocks, queue } from '../src/index.js';
import type { MemberWishes, PartyLimits, PartyView, Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START } from './databases.js';
import type { TestClock } from './databases.js';
import { aServer, matchOf, RULES, someAccounts, UNRATED } from './fixtures.js';
import { withStore } from './with-store.js';

const LIMITS: PartyLimits = { size: 3, sent: 4, received: 2, inviteMs: 300_000 };
const NO_WISHES: MemberWishes = { latencies: null, roles: null };
const SILENCE_MS = 16_000;
const OUT_MS = 600_000;

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

  const invite = (inviterId: string, accountId: string, limits = LIMITS) =>
    store.writeGrouped('invite', (tx) =>
      parties.invite(tx, { partyId: randomUUID(), inviterId, accountId, online: true, limits }),
    );
  const accept = (partyId: string, accountId: string, wishes = NO_WISHES) =>
    store.writeGrouped('accept', (tx) =>
      parties.accept(tx, { partyId, accountId, size: LIMITS.size, online: true, wishes }),
    );
  const leave = (accountId: string) => store.writeGrouped('leave', (tx) => parties.leave(tx, accountId));
  const partyOf = async (accountId: string): Promise<PartyView | undefined> => {
    const [party] = await store.read(async (tx) => {
      const id = await parties.idOf(tx, accountId);
      return id === null ? [] : parties.byIds(tx, [id]);
    });
    return party;
  };
  const byId = async (id: string): Promise<PartyView | undefined> =>
    (await store.read((tx) => parties.byIds(tx, [id])))[0];
  const memberIds = (party: PartyView | undefined) => party?.members.map(({ accountId }) => accountId);
  const joinParty = (accountId: string, partyId: string, name = 'team', size = 3) =>
    store.writeGrouped('join', (tx) => queue.joinParty(tx, { accountId, partyId, queue: name, size }));
  const snapshot = (name = 'team') => store.read((tx) => queue.snapshotForTick(tx, name, UNRATED));
  const silence = () => ({ awaySince: clock.ms - SILENCE_MS, outSince: clock.ms - OUT_MS });
  const due = () => store.read((tx) => parties.due(tx, silence(), 100));
  const tidy = async () => {
    for (const id of await due()) await store.writeGrouped('tidy', (tx) => parties.tidy(tx, id, silence()));
  };

  /** A party of that many, the first the leader. */
  async function aParty(size: number): Promise<{ id: string; members: string[] }> {
    const members = await someAccounts(store, size);
    const [leader = '', ...others] = members;
    for (const accountId of others) {
      await invite(leader, accountId);
      clock.advance(1);
      await accept((await partyOf(leader))?.id ?? '', accountId);
    }
    return { id: (await partyOf(leader))?.id ?? '', members };
  }

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

  it('the leader joins for all, with one time of joining and what each claims', async () => {
    const { id, members } = await aParty(2);
    const [ann = '', bob = ''] = members;
    await accept(id, bob, { latencies: '{"eu":30}', roles: '["tank"]' });
    expect(await joinParty(bob, id)).toEqual({ status: 'not_leader' });
    expect(await joinParty(ann, id, 'team', 1)).toEqual({ status: 'too_large' });
    expect(await joinParty(ann, id)).toEqual({ status: 'joined' });
    const at = clock.ms;
    expect(await snapshot()).toEqual(
      [
        {
          accountId: ann,
          joinedAt: at,
          lastSeen: at,
          mu: 25,
          sigma: expect.closeTo(25 / 3, 12),
          partyId: id,
          blocks: 0,
        },
        {
          accountId: bob,
          joinedAt: at,
          lastSeen: at,
          mu: 25,
          sigma: expect.closeTo(25 / 3, 12),
          partyId: id,
          blocks: 0,
          latencies: { eu: 30 },
          roles: ['tank'],
        },
      ].sort((a, b) => (a.accountId < b.accountId ? -1 : 1)),
    );
    expect(await partyOf(bob)).toMatchObject({ queue: 'team', note: 'The party waits in the queue team.' });
    clock.advance(5);
    // Any member may say it again, as a client does that reconnects.
    for (const accountId of members)
      expect(await joinParty(accountId, id)).toEqual({ status: 'already_queued' });
    expect(await joinParty(ann, id, 'other')).toEqual({ status: 'other_queue' });
    expect((await snapshot()).map(({ joinedAt }) => joinedAt)).toEqual([at, at]);
  });

  it('joins whole or not at all: not without one who is away, waits alone or plays', async () => {
    const { id, members } = await aParty(2);
    const [ann = '', bob = ''] = members;
    const name = `name ${bob.slice(0, 4)}`;
    await store.write('join', (tx) => queue.join(tx, { accountId: bob, queue: 'duel' }));
    expect(await joinParty(ann, id)).toEqual({ status: 'queued_alone', name });
    const [cy = ''] = await someAccounts(store, 1);
    await store.write('match', async (tx) => {
      await queue.join(tx, { accountId: cy, queue: 'duel' });
      const plan = matchOf(server, [[bob], [cy]]);
      await matches.createMany(tx, { queue: 'duel', rules: RULES, reserveExpiresAt: START, matches: [plan] });
    });
    expect(await joinParty(ann, id)).toEqual({ status: 'member_in_match', name });
    expect(await snapshot()).toEqual([]);
    const other = await aParty(2);
    clock.advance(SILENCE_MS);
    await store.write('seen', (tx) => parties.seen(tx, [other.members[0] ?? '']));
    await tidy();
    expect(await joinParty(other.members[0] ?? '', other.id)).toMatchObject({ status: 'absent' });
    expect(await snapshot()).toEqual([]);
  });

  it.each(['leaves the queue', 'leaves the party', 'is removed', 'is banned', 'is stale'])(
    'a member who %s takes all out',
    async (what) => {
      const { id, members } = await aParty(3);
      const [ann = '', bob = '', cy = ''] = members;
      const [dan = ''] = await someAccounts(store, 1);
      await joinParty(ann, id);
      await store.write('join', (tx) => queue.join(tx, { accountId: dan, queue: 'team' }));
      await store.write(what, async (tx) => {
        if (what === 'leaves the queue') expect(await queue.leave(tx, bob)).toBe(true);
        else if (what === 'leaves the party') await parties.leave(tx, bob);
        else if (what === 'is removed') await parties.kick(tx, { leaderId: ann, accountId: bob });
        else if (what === 'is banned') await accounts.ban(tx, bob, { until: START * 2, reason: 'test' });
        else {
          clock.advance(1000);
          await queue.touch(tx, [ann, cy, dan]);
          expect(await queue.removeStale(tx, clock.ms)).toHaveLength(3);
        }
      });
      expect((await snapshot()).map(({ accountId }) => accountId)).toEqual([dan]);
      await tidy();
      expect(await partyOf(ann)).toMatchObject({ id, queue: null });
      expect(await due()).toEqual([]);
      expect(await store.write('leave', (tx) => queue.leave(tx, bob))).toBe(false);
    },
  );

  it('who comes to it takes it out of the queue, also a leader who waits alone', async () => {
    const { id, members } = await aParty(2);
    const [ann = ''] = members;
    const [cy = ''] = await someAccounts(store, 1);
    await invite(ann, cy);
    await joinParty(ann, id);
    expect(await accept(id, cy)).toMatchObject({ status: 'accepted' });
    expect(await snapshot()).toEqual([]);
    expect(await partyOf(cy)).toMatchObject({
      queue: null,
      note: expect.stringMatching(/so it left the queue\.$/),
    });

    const [dan = '', eve = ''] = await someAccounts(store, 2);
    await invite(dan, eve);
    await store.write('join', (tx) => queue.join(tx, { accountId: dan, queue: 'team' }));
    expect(await accept((await partyOf(dan))?.id ?? '', eve)).toMatchObject({ status: 'accepted' });
    expect(await snapshot()).toEqual([]);
    await leave(eve);
    await store.write('join', (tx) => queue.join(tx, { accountId: dan, queue: 'team' }));
    await invite(eve, dan);
    expect(await accept((await partyOf(eve))?.id ?? '', dan)).toEqual({ status: 'queued' });
    expect(await snapshot()).toHaveLength(1);
  });

  it('is requeued whole when its match is called off, or not at all', async () => {
    const { id, members } = await aParty(2);
    const [ann = '', bob = ''] = members;
    const others = await someAccounts(store, 2);
    const play = async () => {
      await joinParty(ann, id);
      for (const accountId of others)
        await store.write('join', (tx) => queue.join(tx, { accountId, queue: 'team' }));
      const plan = matchOf(server, [members, others]);
      await store.write('match', (tx) =>
        matches.createMany(tx, { queue: 'team', rules: RULES, reserveExpiresAt: START, matches: [plan] }),
      );
      return plan.id;
    };
    const cancel = async (requeue: 'all' | string[]) => {
      const matchId = await play();
      return store.write('cancel', (tx) =>
        matches.cancel(tx, { matchId, state: 'reserving', reason: 'test', requeue }),
      );
    };
    const requeued = async () => (await snapshot()).map(({ accountId }) => accountId).sort();
    const released = await cancel([bob, ...others]);
    expect(
      released
        ?.filter((player) => player.requeued)
        .map(({ accountId }) => accountId)
        .sort(),
    ).toEqual([...others].sort());
    expect(await requeued()).toEqual([...others].sort());
    await tidy();
    expect(await partyOf(ann)).toMatchObject({ queue: null });
    await cancel('all');
    expect(await requeued()).toEqual([...members, ...others].sort());
    expect((await snapshot()).filter(({ partyId }) => partyId === id)).toHaveLength(2);

    // Who left the party while he played is requeued alone; who came to it makes the party leave the queue.
    await store.write('leave', (tx) => queue.leave(tx, ann));
    const [cy = ''] = await someAccounts(store, 1);
    await invite(ann, cy);
    const matchId = await play();
    await accept(id, cy);
    await store.write('cancel', (tx) =>
      matches.cancel(tx, { matchId, state: 'reserving', reason: 'test', requeue: 'all' }),
    );
    await tidy();
    expect(await requeued()).toEqual([...others].sort());
    expect(await partyOf(ann)).toMatchObject({
      queue: null,
      note: 'The party has changed, so it left the queue.',
    });
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
      await matches.createMany(tx, { queue: 'duel', rules: RULES, reserveExpiresAt: START, matches: [plan] });
    });
    clock.advance(OUT_MS);
    await store.write('seen', (tx) => parties.seen(tx, [cy]));
    await tidy();
    expect(memberIds(await byId(id))).toEqual([bob, cy]);
    expect(await byId(id)).toMatchObject({ leaderId: cy });
    expect(await due()).toEqual([]);
  });

  it('parallel invitations, answers and departures leave every party whole and everybody in one', async () => {
    const size = 6;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            who: fc.nat(size - 1),
            other: fc.nat(size - 1),
            what: fc.constantFrom(
              'invite',
              'accept',
              'leave',
              'kick',
              'promote',
              'join',
              'unqueue',
              'alone',
              'take',
            ),
          }),
          { minLength: 10, maxLength: 60 },
        ),
        fc.boolean(),
        async (steps, parallel) => {
          await clear(target);
          server = await aServer(store, { capacity: 1000 });
          const ids = await someAccounts(store, size);
          const act = async ({ who, other, what }: (typeof steps)[number]): Promise<unknown> => {
            const [accountId = '', otherId = ''] = [ids[who], ids[other]];
            const partyId = (await partyOf(what === 'join' ? accountId : otherId))?.id ?? randomUUID();
            if (what === 'invite') return invite(accountId, otherId);
            if (what === 'accept') return accept(partyId, accountId);
            if (what === 'leave') return leave(accountId);
            if (what === 'join') return joinParty(accountId, partyId);
            return store.write(what, async (tx): Promise<unknown> => {
              if (what === 'kick') return parties.kick(tx, { leaderId: accountId, accountId: otherId });
              if (what === 'promote') return parties.promote(tx, { leaderId: accountId, accountId: otherId });
              if (what === 'unqueue') return queue.leave(tx, accountId);
              if (what === 'alone')
                return (await parties.idOf(tx, accountId)) ?? queue.join(tx, { accountId, queue: 'team' });
              const waiting = await queue.snapshotForTick(tx, 'team', UNRATED);
              if (waiting.length === 0) return undefined;
              const plan = matchOf(server, [waiting.map((one) => one.accountId)]);
              return matches.createMany(tx, {
                queue: 'team',
                rules: RULES,
                reserveExpiresAt: START,
                matches: [plan],
              });
            });
          };
          if (parallel) await Promise.all(steps.map(act));
          else for (const step of steps) await act(step);
          // An invitation that gave way to a newer one leaves a party of one until the next tick.
          await tidy();
          const waiting = await snapshot();
          const groups = new Map<string, string[]>();
          for (const { accountId, partyId } of waiting)
            if (partyId !== undefined)
              groups.set(partyId, [...(groups.get(partyId) ?? []), accountId].sort());
          for (const [partyId, group] of groups) {
            const party = await byId(partyId);
            expect(group).toEqual([...(memberIds(party) ?? [])].sort());
            expect(party?.queue).toBe('team');
          }
          const all = (await Promise.all(ids.map(partyOf))).filter((party) => party !== undefined);
          for (const party of all) {
            expect(memberIds(party)).toContain(party.leaderId);
            expect(party.members.length + party.invites.length).toBeGreaterThan(1);
            expect(party.members.length).toBeLessThanOrEqual(LIMITS.size);
          }
        },
      ),
      { numRuns: dialect === 'sqlite' ? 40 : 20 },
    );
  });
});
