import { randomUUID } from 'node:crypto';
import { matches, matchProposals, parties, penalties, queue } from '../src/index.js';
import type { NewMatch, Store } from '../src/index.js';
import { DIALECTS, START, type TestClock } from './databases.js';
import { makeMatches, matchOf, RULES, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

const END = START + 20_000;

describe.each(DIALECTS)('parties in ready checks on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, server } = parts));

  /** A party of two; the first leads it. */
  async function aPair(): Promise<{ id: string; members: [string, string] }> {
    const [leader = '', mate = ''] = await someAccounts(store, 2);
    const limits = { size: 2, sent: 4, received: 4, inviteMs: 300_000 };
    await store.write('pair', async (tx) => {
      await parties.invite(tx, {
        partyId: randomUUID(),
        inviterId: leader,
        accountId: mate,
        online: true,
        limits,
      });
      const partyId = (await parties.idOf(tx, leader)) ?? '';
      const wishes = { latencies: null, roles: null };
      await parties.accept(tx, { partyId, accountId: mate, size: 2, online: true, wishes });
    });
    const id = await store.read((tx) => parties.idOf(tx, leader));
    return { id: id ?? '', members: [leader, mate] };
  }
  const join = (partyId: string, accountId: string) =>
    store.writeGrouped('join', (tx) => queue.joinParty(tx, { accountId, partyId, queue: 'team', size: 2 }));
  const entry = (accountId: string) => store.read((tx) => queue.entryOf(tx, accountId));

  /** Two pairs who are all asked whether they are ready. */
  async function aCheck(): Promise<{ match: NewMatch; teams: [string, string][] }> {
    const pairs = [await aPair(), await aPair()];
    for (const { id, members } of pairs) await join(id, members[0]);
    const teams = pairs.map(({ members }) => members);
    const match = matchOf(server, teams);
    await store.write('match', async (tx) => {
      const { created } = await makeMatches(tx, {
        ...{ queue: 'team', rules: RULES, state: 'checking', reserveExpiresAt: END, matches: [match] },
      });
      expect(created).toEqual([match.id]);
      await matchProposals.markProposed(
        tx,
        match.teams.flat().map(({ id }) => ({ matchId: match.id, playerId: id })),
      );
    });
    return { match, teams };
  }
  const accept = (match: NewMatch, accountId: string) =>
    store.writeGrouped('answer', (tx) =>
      matches.answerCheck(tx, { matchId: match.id, accountId, accept: true, reserveExpiresAt: END }),
    );

  test('who is silent takes his party out of the queue, and only he is to blame; the other party waits on', async () => {
    const {
      match,
      teams: [[ready, silent] = ['', ''], others = ['', '']],
    } = await aCheck();
    for (const accountId of [ready, ...others]) expect(await accept(match, accountId)).toBe('accepted');
    const [ended] = await store.write('call off', (tx) =>
      matches.callOffChecks(tx, { endedBy: END, dropSilent: true, reason: 'too late', limit: 10 }),
    );
    const outcome = new Map(ended?.players.map(({ accountId, ...rest }) => [accountId, rest]));
    expect(outcome.get(silent)).toEqual({ requeued: false, isSilent: true });
    expect(outcome.get(ready)).toEqual({ requeued: false, isSilent: false });
    for (const accountId of others) {
      expect(outcome.get(accountId)).toEqual({ requeued: true, isSilent: false });
      expect(await entry(accountId)).toMatchObject({ matchId: null, queue: 'team' });
    }
    for (const accountId of [ready, silent]) expect(await entry(accountId)).toBeNull();
    const stored = await store.read((tx) => matches.byId(tx, match.id));
    expect(new Map(stored?.players.map(({ accountId, requeued }) => [accountId, requeued]))).toEqual(
      new Map([ready, silent, ...others].map((id) => [id, others.includes(id)])),
    );
  });

  test('nobody to blame: all wait again', async () => {
    const { teams } = await aCheck();
    const [ended] = await store.write('call off', (tx) =>
      matches.callOffChecks(tx, { endedBy: END, dropSilent: false, reason: 'closed', limit: 10 }),
    );
    expect(ended?.players.every(({ requeued, isSilent }) => requeued && !isSilent)).toBe(true);
    for (const accountId of teams.flat()) expect(await entry(accountId)).toMatchObject({ matchId: null });
  });

  test('a party does not join while one of it has a cooldown', async () => {
    const {
      id,
      members: [leader, mate],
    } = await aPair();
    await store.write('punish', (tx) =>
      penalties.raise(tx, [mate], () => ({ level: 1, until: clock.ms + 1_000, changedAt: clock.ms })),
    );
    expect(await join(id, leader)).toMatchObject({ status: 'member_cooldown', until: clock.ms + 1_000 });
    for (const accountId of [leader, mate]) expect(await entry(accountId)).toBeNull();
    clock.advance(1_000);
    expect(await join(id, leader)).toMatchObject({ status: 'joined' });
  });
});
