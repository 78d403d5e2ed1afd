import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { accounts, matches, parties, queue } from '../src/index.js';
import type { Store, StoreTarget } from '../src/index.js';
import { clear, DIALECTS, START, type TestClock } from './databases.js';
import { aServer, makeMatches, matchOf, RULES, snapshotOf, someAccounts } from './fixtures.js';
import { LIMITS, memberIds, partyActions, SILENCE_MS } from './party-actions.js';
import { withStore } from './with-store.js';

describe.each(DIALECTS)('parties in queues on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let target: StoreTarget;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, target } = parts));
  beforeEach(async () => {
    await clear(target);
    server = await aServer(store, { capacity: 1000 });
  });
  const { invite, accept, leave, partyOf, byId, joinParty, snapshot, due, tidy, aParty } = partyActions(
    () => ({ store, clock }),
  );

  it('the leader joins for all, with one time of joining and what each claims', async () => {
    const { id, members } = await aParty(2);
    const [ann = '', bob = ''] = members;
    await accept(id, bob, { latencies: '{"eu":30}', roles: '["tank"]' });
    expect(await joinParty(bob, id)).toEqual({ status: 'not_leader' });
    expect(await joinParty(ann, id, 'team', 1)).toEqual({ status: 'too_large' });
    expect(await joinParty(ann, id)).toEqual({ status: 'joined' });
    const at = clock.ms;
    const byAccount = (a: { accountId: string }, b: { accountId: string }) =>
      a.accountId < b.accountId ? -1 : 1;
    expect((await snapshot()).sort(byAccount)).toEqual(
      [
        {
          accountId: ann,
          entryNo: expect.any(Number),
          joinedAt: at,
          lastSeen: at,
          mu: 25,
          sigma: expect.closeTo(25 / 3, 12),
          partyId: id,
          blocks: 0,
        },
        {
          accountId: bob,
          entryNo: expect.any(Number),
          joinedAt: at,
          lastSeen: at,
          mu: 25,
          sigma: expect.closeTo(25 / 3, 12),
          partyId: id,
          blocks: 0,
          latencies: { eu: 30 },
          roles: ['tank'],
        },
      ].sort(byAccount),
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
      await makeMatches(tx, { queue: 'duel', rules: RULES, reserveExpiresAt: START, matches: [plan] });
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
        makeMatches(tx, { queue: 'team', rules: RULES, reserveExpiresAt: START, matches: [plan] }),
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
              const waiting = await snapshotOf(tx, 'team');
              if (waiting.length === 0) return undefined;
              const plan = matchOf(server, [waiting.map((one) => one.accountId)]);
              return makeMatches(tx, {
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
