import { gameServers, matchDeliveries, matches, matchProposals, matchUpkeep, queue } from '../src/index.js';
import type { NewMatch, Store } from '../src/index.js';
import { DIALECTS, START, type TestClock } from './databases.js';
import { aServer, makeMatches, matchOf, presenceOf, RULES, someAccounts } from './fixtures.js';
import { withStore } from './with-store.js';

const SECONDS_20 = START + 20_000;

describe.each(DIALECTS)('ready checks on %s', (dialect) => {
  let store: Store;
  let clock: TestClock;
  let server: string;
  withStore(dialect, (parts) => ({ store, clock, server } = parts));
  afterEach(() => endAll());

  /** A match of fresh accounts that is `checking`, each in a team of his own. */
  async function aCheck(players = 2, on = server): Promise<{ match: NewMatch; ids: string[] }> {
    const ids = await someAccounts(store, players);
    const match = matchOf(
      on,
      ids.map((id) => [id]),
    );
    await store.write('match', async (tx) => {
      for (const accountId of ids) await queue.join(tx, { accountId, queue: 'duel' });
      await makeMatches(tx, {
        queue: 'duel',
        rules: RULES,
        state: 'checking',
        reserveExpiresAt: SECONDS_20,
        matches: [match],
      });
    });
    return { match, ids };
  }

  const playerIds = (match: NewMatch): string[] => match.teams.flat().map(({ id }) => id);
  const answer = (match: NewMatch, accountId: string | undefined, accept: boolean) =>
    store.writeGrouped('answer', (tx) =>
      matches.answerCheck(tx, {
        matchId: match.id,
        accountId: accountId ?? '',
        accept,
        reserveExpiresAt: START + 3_000,
      }),
    );
  const tell = (match: NewMatch, ...which: number[]) =>
    store.writeGrouped('told', (tx) =>
      matchProposals.markProposed(
        tx,
        which.map((n) => ({ matchId: match.id, playerId: playerIds(match)[n] ?? '' })),
      ),
    );
  const callOff = (endedBy: number, dropSilent = true) =>
    store.write('call off', (tx) =>
      matches.callOffChecks(tx, { endedBy, dropSilent, reason: 'too late', limit: 100 }),
    );
  const endAll = () => callOff(Number.MAX_SAFE_INTEGER);
  const byId = (id: string) => store.read((tx) => matches.byId(tx, id));
  const entry = (accountId: string | undefined) => store.read((tx) => queue.entryOf(tx, accountId ?? ''));

  test('begin with nobody told or asked, take a place on the server, and nothing is sent to it', async () => {
    const here = await aServer(store, { capacity: 3 });
    const { match, ids } = await aCheck(2, here);
    expect(await byId(match.id)).toMatchObject({
      state: 'checking',
      reserveExpiresAt: SECONDS_20,
      players: [
        { proposedAt: null, answer: null },
        { proposedAt: null, answer: null },
      ],
    });
    const free = await store.read((tx) =>
      gameServers.candidates(tx, { queue: 'duel', masterKeyId: 'a'.repeat(32), seenSince: START }),
    );
    expect(free.find(({ id }) => id === here)?.free).toBe(2);
    const due = () => store.read((tx) => matchDeliveries.allowsDue(tx, { serverIds: [here], limit: 10 }));
    expect(await due()).toEqual([]);
    expect((await store.read(matches.liveCounts)).checking).toBe(1);
    expect(await store.read((tx) => matches.liveForAccount(tx, ids[0] ?? ''))).toMatchObject({
      match: { id: match.id },
    });
    expect(await store.writeGrouped('tokens', (tx) => matchDeliveries.bumpTokens(tx, ids))).toEqual([]);
    for (const id of ids) await answer(match, id, true);
    expect(await due()).toEqual([{ id: match.id, attempt: 1 }]);
  });

  test('the last accept makes the match reserving; every accept may be repeated', async () => {
    const { match, ids } = await aCheck(3);
    expect(await answer(match, ids[0], true)).toBe('accepted');
    expect(await answer(match, ids[0], true)).toBe('repeated');
    expect(await answer(match, ids[1], true)).toBe('accepted');
    expect(await store.read((tx) => matchProposals.accepted(tx, [match.id]))).toEqual(
      new Map([[match.id, 2]]),
    );
    clock.advance(7);
    expect(await answer(match, ids[2], true)).toBe('complete');
    expect(await byId(match.id)).toMatchObject({
      state: 'reserving',
      stateSince: START + 7,
      reserveExpiresAt: START + 3_000,
      players: [{ answer: true }, { answer: true }, { answer: true }],
    });
    expect(await answer(match, ids[2], true)).toBe('repeated');
    expect(await answer(match, ids[2], false)).toBe('over');
    expect(await store.read((tx) => matchProposals.accepted(tx, [match.id]))).toEqual(new Map());
  });

  test('a decline may take an accept back, and is not taken back', async () => {
    const { match, ids } = await aCheck();
    expect(await answer(match, ids[0], true)).toBe('accepted');
    expect(await answer(match, ids[0], false)).toBe('declined');
    expect(await answer(match, ids[0], false)).toBe('repeated');
    expect(await answer(match, ids[0], true)).toBe('over');
    // Until the caller has called it off, the others cannot complete it.
    expect(await answer(match, ids[1], true)).toBe('accepted');
    expect(await byId(match.id)).toMatchObject({ state: 'checking' });
  });

  test("an answer to another's match, or to none, changes nothing", async () => {
    const [one, other] = [await aCheck(), await aCheck()];
    expect(await answer(one.match, other.ids[0], false)).toBe('unknown_match');
    expect(await answer({ ...one.match, id: server }, one.ids[0], true)).toBe('unknown_match');
    expect((await byId(one.match.id))?.players.map((player) => player.answer)).toEqual([null, null]);
  });

  test('the last two accepts at once: exactly one of them completes it', async () => {
    for (let round = 0; round < 10; round++) {
      const { match, ids } = await aCheck();
      const answers = await Promise.all(
        ids.map((accountId) =>
          store.write('answer', (tx) =>
            matches.answerCheck(tx, {
              matchId: match.id,
              accountId,
              accept: true,
              reserveExpiresAt: START + 3_000,
            }),
          ),
        ),
      );
      expect(answers.sort()).toEqual(['accepted', 'complete']);
      expect(await byId(match.id)).toMatchObject({ state: 'reserving' });
    }
  });

  test('the last accept and the end of the time at once: one of them wins', async () => {
    for (let round = 0; round < 10; round++) {
      const { match, ids } = await aCheck();
      await answer(match, ids[0], true);
      const [last, ended] = await Promise.all([answer(match, ids[1], true), callOff(SECONDS_20)]);
      const state = (await byId(match.id))?.state;
      expect([last, ended.length, state]).toEqual(
        state === 'reserving' ? ['complete', 0, state] : ['over', 1, 'cancelled'],
      );
    }
  });

  test('ended: who accepted or was never told waits on as before, who declined or kept silent does not', async () => {
    const { match, ids } = await aCheck(4);
    const later = await aCheck();
    await tell(match, 0, 1, 3);
    await answer(match, ids[0], true);
    await answer(match, ids[3], false);
    expect(await callOff(SECONDS_20 - 1)).toEqual([]);
    clock.advance(20_000);
    const ended = await callOff(SECONDS_20);
    expect(ended.map(({ matchId }) => matchId).sort()).toEqual([match.id, later.match.id].sort());
    const own = ended.find(({ matchId }) => matchId === match.id);
    expect(own?.serverId).toBe(server);
    expect(new Map(own?.players.map(({ accountId, requeued }) => [accountId, requeued]))).toEqual(
      new Map(ids.map((id, n) => [id, n === 0 || n === 2])),
    );
    expect(await byId(match.id)).toMatchObject({ state: 'cancelled', endReason: 'too late' });
    for (const n of [0, 2]) expect(await entry(ids[n])).toMatchObject({ matchId: null, joinedAt: START });
    for (const n of [1, 3]) expect(await entry(ids[n])).toBeNull();
    // Who knew of the match is due to be told of its end.
    const due = await store.read((tx) => matches.calloffsDue(tx, ids));
    expect(new Map(due.map(({ accountId, requeued }) => [accountId, requeued]))).toEqual(
      new Map([
        [ids[0], true],
        [ids[1], false],
        [ids[3], false],
      ]),
    );
    for (const id of later.ids) expect(await entry(id)).toMatchObject({ matchId: null });
  });

  test('called off for other reasons, nobody but who declined loses his place; at most so many at once', async () => {
    const [one, other] = [await aCheck(), await aCheck()];
    await tell(one.match, 0, 1);
    await answer(one.match, one.ids[0], false);
    const part = () =>
      store.write('call off', (tx) =>
        matches.callOffChecks(tx, {
          endedBy: Number.MAX_SAFE_INTEGER,
          dropSilent: false,
          reason: 'closed',
          limit: 1,
        }),
      );
    const ended = [...(await part()), ...(await part()), ...(await part())];
    expect(ended).toHaveLength(2);
    expect(await entry(one.ids[0])).toBeNull();
    for (const id of [one.ids[1], ...other.ids]) expect(await entry(id)).toMatchObject({ matchId: null });
  });

  test('are cancelled like other matches by who leaves', async () => {
    const { match, ids } = await aCheck();
    const cancel = () =>
      store.write('leave', (tx) =>
        matches.cancel(tx, {
          matchId: match.id,
          state: 'checking',
          reason: 'a player left',
          requeue: [ids[1] ?? ''],
        }),
      );
    await tell(match, 1);
    expect(await cancel()).toHaveLength(2);
    expect(await cancel()).toBeNull();
    expect(await answer(match, ids[1], true)).toBe('over');
    expect(await entry(ids[0])).toBeNull();
    expect((await store.read((tx) => matches.calloffsDue(tx, ids))).map((due) => due.accountId)).toEqual([
      ids[1],
    ]);
  });

  test('are found by their players, open ones only; telling is marked once', async () => {
    const { match, ids } = await aCheck();
    expect(await store.read((tx) => matchProposals.openOf(tx, [...ids, 'nobody']))).toEqual([match.id]);
    expect(
      (await store.read((tx) => matchProposals.open(tx, [match.id, 'none']))).map(({ id }) => id),
    ).toEqual([match.id]);
    expect(await tell(match, 0)).toBe(1);
    clock.advance(5);
    expect(await tell(match, 0, 1)).toBe(1);
    expect((await byId(match.id))?.players.map((player) => player.proposedAt)).toEqual([START, START + 5]);
    await endAll();
    expect(await store.read((tx) => matchProposals.openOf(tx, ids))).toEqual([]);
    expect(await store.read((tx) => matchProposals.open(tx, [match.id]))).toEqual([]);
  });

  test('go to another server if theirs is offline, and end when they would have; all nodes see that they began', async () => {
    const [here, other] = [await aServer(store, { connectedAt: START }), await aServer(store)];
    const { match } = await aCheck(2, here);
    const changed = await store.read((tx) => matchDeliveries.changedSince(tx, START));
    expect(changed).toContainEqual({ id: match.id, state: 'checking' });
    const toMove = async () =>
      (
        await store.read((tx) =>
          matchUpkeep.toMove(tx, { now: SECONDS_20, refused: [match.id], limit: 1_000 }),
        )
      ).find(({ id }) => id === match.id);
    expect(await toMove()).toBeUndefined();
    const { id, nodeId, connectedAt } = presenceOf(here);
    await store.write('gone', (tx) => gameServers.markOffline(tx, [{ id, nodeId, connectedAt }]));
    expect(await toMove()).toMatchObject({ state: 'checking', attempt: 1 });
    await store.write('lost', (tx) => matchUpkeep.markLostOfOffline(tx));
    await store.write('move', (tx) =>
      matches.reassign(tx, {
        matchId: match.id,
        attempt: 1,
        toServerId: other,
        reserveExpiresAt: START + 1,
      }),
    );
    expect(await byId(match.id)).toMatchObject({
      state: 'checking',
      serverId: other,
      attempt: 2,
      reserveExpiresAt: SECONDS_20,
      serverLostAt: null,
    });
  });
});
