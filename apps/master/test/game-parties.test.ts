import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { accounts, playerBlocks, queue } from '@ranked/store';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { partyOf } from './support/party-of.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

async function players(rig: GameRig, count: number): Promise<FakePlayer[]> {
  return rig.connectedPlayers(count);
}

const names = (player: FakePlayer) => player.party?.members.map(({ name }) => name);
const waiting = (rig: GameRig) =>
  rig.store.read(async (tx) => {
    let players = 0;
    for await (const part of queue.snapshotForTick(tx, 'team', { mu: 25, sigma: 8 })) players += part.length;
    return players;
  });

describe('a party', () => {
  test('comes of an invitation that is taken up; all are told', async () => {
    const rig = await startRig();
    const [ann, bob] = await rig.pair();
    await ann.invite(bob);
    expect(ann.party).toMatchObject({
      leader: ann.accountId,
      invites: [{ id: bob.accountId }],
      ended: false,
    });
    expect(bob.invitations).toMatchObject([
      { from: { id: ann.accountId, name: ann.name }, members: [ann.name], partyId: ann.party?.partyId },
    ]);
    await bob.accept();
    for (const player of [ann, bob]) expect(names(player)).toEqual([ann.name, bob.name]);
    await ann.leaveParty();
    for (const player of [ann, bob])
      expect(player.party).toEqual({
        partyId: bob.invitations[0]?.partyId,
        ended: true,
        members: [],
        invites: [],
        note: `${ann.name} left the party.`,
      });
  });

  test('is told anew to who comes back, and the others see that he was away', async () => {
    const rig = await startRig();
    await rig.settle();
    const [ann, bob, cy] = (await players(rig, 3)) as [FakePlayer, FakePlayer, FakePlayer];
    await partyOf(ann, bob);
    await cy.invite(bob);
    await rig.tick();
    const before = bob.partyStates.length;
    bob.disconnect();
    await rig.tick();
    expect(ann.party?.members.map(({ online }) => online)).toEqual([true, false]);
    bob.connect();
    await rig.idle();
    expect(bob.partyStates.length).toBe(before + 1);
    expect(bob.invitations.filter(({ from }) => from.id === cy.accountId)).toHaveLength(2);
    await rig.tick();
    for (const player of [ann, bob])
      expect(player.party?.members.map(({ online }) => online)).toEqual([true, true]);
  });

  test('goes on after a restart of the master', async () => {
    const rig = await startRig();
    const [ann, bob] = await rig.pair();
    const partyId = await partyOf(ann, bob);
    await rig.restart();
    for (const player of [ann, bob]) player.connect();
    await rig.idle();
    for (const player of [ann, bob]) expect(player.party).toMatchObject({ partyId, ended: false });
  });

  test('ends for whom the leader removes, who can do nothing in its name then', async () => {
    const rig = await startRig({ config: { queues: TRIPLES } });
    const [ann, bob, cy] = (await players(rig, 3)) as [FakePlayer, FakePlayer, FakePlayer];
    const partyId = await partyOf(ann, bob, cy);
    await expect(bob.kick(cy)).rejects.toMatchObject({ code: 'not_leader' });
    await ann.kick(bob);
    expect(bob.party).toMatchObject({ ended: true, note: `${bob.name} was removed by the leader.` });
    expect(names(cy)).toEqual([ann.name, cy.name]);
    await expect(bob.accept(partyId)).rejects.toMatchObject({ code: 'unknown_invite' });
    await expect(bob.kick(ann)).rejects.toMatchObject({ code: 'not_leader' });
    await expect(ann.promote(bob)).rejects.toMatchObject({ code: 'not_member' });
    await ann.join('team');
    await bob.join('team');
    expect(await rig.entry(bob)).toMatchObject({ partyId: null });
    expect(await rig.entry(cy)).toMatchObject({ partyId });
    await ann.promote(cy);
    expect(cy.party).toMatchObject({ leader: cy.accountId, queue: 'team' });
    expect(await waiting(rig)).toBe(3);
  });
});

describe('an invitation', () => {
  test('of another is nobody else’s to take up, and declining what is not there is nothing', async () => {
    const rig = await startRig();
    const [ann, bob, cy] = (await players(rig, 3)) as [FakePlayer, FakePlayer, FakePlayer];
    await ann.invite(bob);
    const partyId = ann.party?.partyId ?? '';
    await expect(cy.accept(partyId)).rejects.toMatchObject({ code: 'unknown_invite' });
    await cy.decline(partyId);
    expect(ann.party?.invites).toHaveLength(1);
    await bob.decline();
    expect(ann.party).toMatchObject({ ended: true, note: `${bob.name} declined.` });
  });

  test('that is declined or runs out leaves a leader who waits alone in the queue', async () => {
    const rig = await startRig();
    const [ann, bob] = await rig.pair();
    await ann.join('team');
    const joinedAt = (await rig.entry(ann))?.joinedAt;
    await ann.invite(bob);
    await rig.pass(5 * 60_000 + 5_000);
    expect(ann.party).toMatchObject({ ended: true, note: 'An invitation ran out.' });
    expect(await rig.entry(ann)).toMatchObject({ joinedAt, matchId: null, partyId: null });
    await ann.leave();
    await ann.invite(bob);
    await ann.join('team');
    expect(ann.party).toMatchObject({ queue: 'team' });
    await bob.decline();
    expect(ann.party).toMatchObject({ ended: true });
    expect(await rig.entry(ann)).toMatchObject({ matchId: null, partyId: null });
  });

  test('looks the same to the inviter, whether the other is there, away or blocks him', async () => {
    const rig = await startRig();
    const [ann, here, away, blocks] = (await players(rig, 4)) as FakePlayer[] as [
      FakePlayer,
      FakePlayer,
      FakePlayer,
      FakePlayer,
    ];
    away.disconnect();
    await rig.store.write('block', (tx) =>
      playerBlocks.add(tx, { ownerId: blocks.accountId, blockedId: ann.accountId, limit: 10 }),
    );
    for (const player of [here, away, blocks]) await ann.invite(player);
    expect(ann.party?.invites.map(({ id }) => id).sort()).toEqual(
      [here, away, blocks].map(({ accountId }) => accountId).sort(),
    );
    expect(new Set(ann.party?.invites.map(({ expiresAt }) => expiresAt)).size).toBe(1);
    expect([here, blocks].map(({ invitations }) => invitations.length)).toEqual([1, 0]);
    blocks.disconnect();
    blocks.connect();
    await rig.idle();
    expect(blocks.invitations).toEqual([]);
    await expect(blocks.accept(ann.party?.partyId)).rejects.toMatchObject({ code: 'unknown_invite' });
    away.connect();
    await rig.idle();
    expect(away.invitations).toHaveLength(1);
  });

  test('a flood of them is refused, and reaches nobody twice', async () => {
    const rig = await startRig();
    const [ann, ...others] = (await players(rig, 13)) as [FakePlayer, ...FakePlayer[]];
    const codes: unknown[] = [];
    for (const other of others)
      codes.push(
        await ann.invite(other).then(
          () => 'ok',
          (error: { code: string }) => error.code,
        ),
      );
    expect(codes).toEqual([...Array<string>(10).fill('ok'), 'rate_limited', 'rate_limited']);
    rig.clock.advance(50_000);
    await expect(ann.invite(others[11] as FakePlayer)).rejects.toMatchObject({ code: 'too_many_invites' });
    await ann.invite(others[0] as FakePlayer);
    expect(others.map(({ invitations }) => invitations.length)).toEqual([...Array<number>(10).fill(1), 0, 0]);
    await expect(ann.invite(ann)).rejects.toMatchObject({ code: 'already_member' });
  });
});

describe('in the queue', () => {
  test('the leader joins for all, and they play in one team', async () => {
    const rig = await startRig();
    await rig.server();
    const [ann, bob, cy, dan] = (await players(rig, 4)) as [FakePlayer, FakePlayer, FakePlayer, FakePlayer];
    const [eve] = (await players(rig, 1)) as [FakePlayer];
    const partyId = await partyOf(ann, dan);
    await expect(dan.join('team')).rejects.toMatchObject({ code: 'not_leader' });
    await expect(ann.join('duel')).rejects.toMatchObject({ code: 'party_too_large' });
    await ann.join('team');
    expect(dan.party).toMatchObject({ queue: 'team' });
    await dan.join('team');
    for (const player of [bob, cy]) await player.join('team');
    const { created } = await rig.tick();
    expect(created).toHaveLength(1);
    for (const player of [ann, bob, cy, dan]) expect(player.found).toHaveLength(1);
    expect(ann.found[0]?.team).toBe(dan.found[0]?.team);
    expect(bob.found[0]?.team).toBe(cy.found[0]?.team);
    // Called off by a stranger: the party waits again as a whole, with its time.
    const queuedAt = (await rig.liveMatch(ann))?.players.find(
      (one) => one.accountId === dan.accountId,
    )?.queuedAt;
    await bob.leave();
    expect(ann.cancelled).toMatchObject([{ requeued: true }]);
    for (const player of [ann, dan])
      expect(await rig.entry(player)).toMatchObject({ partyId, matchId: null, joinedAt: queuedAt });
    // Called off by one of its own: it does not.
    await eve.join('team');
    await rig.tick();
    await dan.leave();
    await rig.pass(3_000);
    expect(ann.cancelled).toMatchObject([{ requeued: true }, { requeued: false }]);
    for (const player of [ann, dan]) {
      expect(await rig.entry(player)).toBeNull();
      expect(player.party).toMatchObject({ partyId, ended: false });
      expect(player.party?.queue).toBeUndefined();
    }
    expect(await waiting(rig)).toBe(2);
  });

  test('after a match the party is there still, and can join again', async () => {
    const rig = await startRig();
    await rig.server();
    const [ann, bob, cy, dan] = (await players(rig, 4)) as [FakePlayer, FakePlayer, FakePlayer, FakePlayer];
    await partyOf(ann, bob);
    await ann.join('team');
    for (const player of [cy, dan]) await player.join('team');
    await rig.tick();
    const match = await rig.liveMatch(ann);
    const server = rig.serverOf(match as NonNullable<typeof match>);
    await server.start(match?.id ?? '');
    await expect(ann.leave()).rejects.toMatchObject({ code: 'bad_state' });
    await server.result(match?.id ?? '');
    await rig.pass(3_000);
    expect(bob.party).toMatchObject({ ended: false });
    expect(bob.party?.queue).toBeUndefined();
    await ann.join('team');
    expect(bob.party).toMatchObject({ queue: 'team' });
    expect(await waiting(rig)).toBe(2);
  });

  test('is left by all when one leaves it, leaves the party, is banned, or is away for long', async () => {
    const rig = await startRig();
    await rig.settle();
    const [ann, bob] = await rig.pair();
    await partyOf(ann, bob);
    await ann.join('team');
    await bob.leave();
    expect(ann.party).toMatchObject({ note: `${bob.name} took the party out of the queue.` });
    expect(await waiting(rig)).toBe(0);

    await ann.join('team');
    await rig.store.write('ban', (tx) =>
      accounts.ban(tx, bob.accountId, { until: rig.clock.now() + 60_000, reason: 'test' }),
    );
    expect(await waiting(rig)).toBe(0);
    await rig.pass(3_000);
    expect(ann.party?.queue).toBeUndefined();

    await ann.join('team');
    bob.disconnect();
    await rig.tick();
    expect(await waiting(rig)).toBe(2);
    await rig.pass(rig.config.queueGraceMs + rig.config.heartbeatMs + 1_000);
    expect(await waiting(rig)).toBe(0);
    expect(ann.party).toMatchObject({ note: `The party left the queue: ${bob.name} was away.` });
    await expect(ann.join('team')).rejects.toMatchObject({ code: 'member_absent' });

    bob.connect();
    await rig.tick();
    await ann.join('team');
    await bob.leaveParty();
    expect(await waiting(rig)).toBe(0);
    expect(ann.party).toMatchObject({ ended: true });
  });

  test('is kept for a leader who is away for a moment, and the party is not matched meanwhile', async () => {
    const rig = await startRig();
    await rig.server();
    await rig.settle();
    const [ann, bob, cy, dan] = (await players(rig, 4)) as [FakePlayer, FakePlayer, FakePlayer, FakePlayer];
    await partyOf(ann, bob);
    await ann.join('team');
    for (const player of [cy, dan]) await player.join('team');
    ann.disconnect();
    expect((await rig.tick()).created).toHaveLength(0);
    await rig.pass(10_000);
    ann.connect();
    await rig.idle();
    expect((await rig.tick()).created).toHaveLength(1);
    expect(bob.found).toHaveLength(1);
  });

  test('who leaves while his match is being written is in the match or out with his party, never half', async () => {
    for (let round = 0; round < 5; round += 1) {
      const rig = await startRig();
      await rig.server();
      const [ann, bob, cy, dan] = (await players(rig, 4)) as [FakePlayer, FakePlayer, FakePlayer, FakePlayer];
      await partyOf(ann, bob);
      await ann.join('team');
      for (const player of [cy, dan]) await player.join('team');
      rig.clock.advance(500);
      rig.heartbeats();
      const order = [() => rig.ticker.tickOnce(), () => bob.leaveParty(), () => bob.leave()];
      await Promise.all([...order.slice(round % 3), ...order.slice(0, round % 3)].map((one) => one()));
      await rig.idle();
      const [ofAnn, ofBob] = [await rig.entry(ann), await rig.entry(bob)];
      const match = await rig.liveMatch(ann);
      if (match) expect(match.players.map(({ accountId }) => accountId)).toContain(bob.accountId);
      // Who was left by his party in a match that was called off waits on, alone.
      else expect([ofAnn?.partyId ?? null, ofBob]).toEqual([null, null]);
    }
  });

  test('nobody is let in while a member waits alone or plays', async () => {
    const rig = await startRig();
    await rig.server();
    const { players: dueling } = await rig.runningMatch();
    const [ann] = dueling;
    const [cy] = await rig.pair();
    await cy.invite(ann);
    await ann.accept();
    await expect(cy.join('team')).rejects.toMatchObject({
      code: 'in_match',
      message: `${ann.name} still plays a match`,
    });
    await ann.join('team');
    expect(ann.found).toHaveLength(1);
    const [dan, eve] = await rig.pair();
    await dan.join('duel');
    await eve.invite(dan);
    await expect(dan.accept()).rejects.toMatchObject({ code: 'already_queued' });
  });

  test('a party that no longer fits its queue is taken out, and the tick goes on', async () => {
    const rig = await startRig({ config: { queues: TRIPLES } });
    const [ann, bob, cy] = (await players(rig, 3)) as [FakePlayer, FakePlayer, FakePlayer];
    await partyOf(ann, bob, cy);
    await ann.join('team');
    const [team] = rig.config.queues;
    if (team) team.size = 2;
    await rig.restart();
    await rig.server();
    for (const player of [ann, bob, cy]) player.connect();
    await rig.tick();
    expect(await waiting(rig)).toBe(0);
    await rig.pass(3_000);
    expect(ann.party?.queue).toBeUndefined();
  });
});

test('what members say of themselves comes with them, and blocks keep players apart', async () => {
  const rig = await startRig({
    config: { queues: TRIPLES.map((one) => ({ ...one, size: 1, roles: { tank: 1 } })) },
  });
  const server = await rig.server();
  const [ann, bob] = await rig.pair();
  await expect(ann.join('team', { roles: ['healer'] })).rejects.toMatchObject({ code: 'unknown_role' });
  await expect(ann.join('team', { roles: ['toString'] })).rejects.toMatchObject({ code: 'unknown_role' });
  await ann.join('team', { roles: ['tank'], latencies: { eu: 20 } });
  await bob.join('team', { latencies: {} });
  expect(await rig.entry(ann)).toMatchObject({ roles: '["tank"]', latencies: '{"eu":20}' });
  expect(await rig.entry(bob)).toMatchObject({ roles: null, latencies: null });
  await rig.store.write('block', (tx) =>
    playerBlocks.add(tx, { ownerId: bob.accountId, blockedId: ann.accountId, limit: 10 }),
  );
  expect((await rig.tick()).created).toHaveLength(0);
  await rig.store.write('unblock', (tx) =>
    playerBlocks.remove(tx, { ownerId: bob.accountId, blockedId: ann.accountId }),
  );
  expect((await rig.tick()).created).toHaveLength(1);
  expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
});

const rating = {
  model: 'gaussian',
  mu: 25,
  sigma: 25 / 3,
  beta: 25 / 6,
  tau: 25 / 300,
  drawProbability: 0.1,
};
const TRIPLES = [
  {
    name: 'team',
    teams: 2,
    size: 3,
    rating,
    window: { initial: 10_000, perSecond: 0, max: 10_000, lastResortAfter: 180 },
    ranks: { provisional: 0.5 },
  },
];
