import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { playerBlocks, settings } from '@ranked/store';
import type { FakePlayer } from './support/fake-player.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { SECONDS, allowed, asked, checkRig, cooldown, timeOut } from './support/ready-check.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

describe('everybody accepts', () => {
  test('asked without names or places; nothing goes to a server before the last accept, then all as ever', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    const expiresAt = rig.clock.now() + SECONDS * 1_000;
    for (const player of [ann, bob]) {
      expect(player.proposed).toEqual([
        { matchId, queue: 'duel', teams: [1, 1], expiresAt, answered: false, accepted: 0 },
      ]);
    }
    await ann.reply(true);
    await rig.tick();
    expect(bob.proposalStates).toEqual([{ matchId, accepted: 1, players: 2 }]);
    expect(allowed(rig)).toBe(0);
    await bob.reply(true);
    expect(allowed(rig)).toBe(1);
    for (const player of [ann, bob]) expect(player.found).toMatchObject([{ matchId }]);
    const match = await rig.match(matchId);
    await rig.serverOf(match).start(matchId);
    await rig.serverOf(match).result(matchId);
    for (const player of [ann, bob]) {
      expect(player.reports).toMatchObject([{ matchId }]);
      expect(player.proposed).toHaveLength(1);
      expect(player.cancelled).toEqual([]);
      expect(await cooldown(rig, player)).toBe(0);
    }
  });

  test('a server whose places are all asked about is given no more; one that is declined frees its place', async () => {
    const rig = await startRig({ readySeconds: SECONDS });
    await rig.server('small', { capacity: 1 });
    await rig.settle();
    const { ann } = await asked(rig);
    const [cy, dan] = await rig.pair();
    await cy.join();
    await dan.join();
    await rig.tick();
    expect(cy.proposed).toHaveLength(0);
    await ann.reply(false);
    await rig.tick();
    expect([...cy.proposed, ...dan.proposed]).not.toHaveLength(0);
  });

  test('just in time, as long as no tick has ended the check; not afterwards', async () => {
    const rig = await checkRig();
    const first = await asked(rig);
    await first.ann.reply(true);
    rig.clock.advance(SECONDS * 1_000 + 100);
    await first.bob.reply(true);
    expect(await rig.match(first.matchId)).toMatchObject({ state: 'ready' });
    const second = await asked(rig);
    await second.ann.reply(true);
    await timeOut(rig);
    await expect(second.bob.reply(true)).rejects.toMatchObject({ code: 'over' });
    expect(await rig.match(second.matchId)).toMatchObject({ state: 'cancelled' });
    // The answer that was taken may be repeated all the same.
    await second.ann.reply(true);
  });
});

describe('somebody declines', () => {
  test('who accepted comes before one who has waited longer than he', async () => {
    const rig = await checkRig();
    const players = await rig.connectedPlayers(4);
    const [ann, bob, cy, dan] = players as [FakePlayer, FakePlayer, FakePlayer, FakePlayer];
    for (const blocked of [ann, bob]) {
      const block = { ownerId: cy.accountId, blockedId: blocked.accountId, limit: 10 };
      await rig.store.write('block', (tx) => playerBlocks.add(tx, block));
    }
    for (const player of [cy, ann, bob]) {
      await player.join();
      rig.clock.advance(100);
    }
    await rig.tick();
    expect([ann, bob, cy].map(({ proposed }) => proposed.length)).toEqual([1, 1, 0]);
    await ann.reply(true);
    await bob.reply(false);
    await dan.join();
    await rig.tick();
    // Dan could play either of the two who wait.
    expect([ann, dan, cy].map(({ proposed }) => proposed.length)).toEqual([2, 1, 0]);
  });

  test('ends it at once: he is out with a cooldown, the others wait on as long as they did', async () => {
    const rig = await checkRig();
    const players = await rig.connectedPlayers(4);
    const [ann, bob, cy, dan] = players as [FakePlayer, FakePlayer, FakePlayer, FakePlayer];
    for (const player of players) {
      await player.join('team');
      rig.clock.advance(100);
    }
    const joinedAt = new Map(
      await Promise.all(
        players.map(async (player) => [player, (await rig.entry(player))?.joinedAt] as const),
      ),
    );
    await rig.tick();
    const matchId = ann.proposed[0]?.matchId ?? '';
    await ann.reply(true);
    await bob.reply(false);
    expect(await rig.match(matchId)).toMatchObject({ state: 'cancelled' });
    for (const player of [ann, cy, dan]) {
      expect(await rig.entry(player)).toMatchObject({ matchId: null, joinedAt: joinedAt.get(player) });
      expect(player.cancelled).toEqual([{ matchId, reason: 'a player was not ready', requeued: true }]);
      expect(await cooldown(rig, player)).toBe(0);
    }
    expect(await rig.entry(bob)).toBeNull();
    expect(bob.cancelled).toMatchObject([{ matchId, requeued: false }]);
    expect(await cooldown(rig, bob)).toBe(rig.config.cooldownMs);
    await expect(bob.join()).rejects.toMatchObject({
      code: 'cooldown',
      message: 'you left or missed a match: join again in 30 s',
      retryAfterMs: 30_000,
    });
    expect(allowed(rig)).toBe(0);
    expect(rig.servers.flatMap((server) => server.commands)).toEqual([]);
    // Who waited comes before who joins later.
    const [eve, fay] = await rig.pair();
    await eve.join('team');
    await fay.join('team');
    await rig.tick();
    const next = await rig.match(ann.proposed.at(-1)?.matchId ?? '');
    expect(next.players.map(({ accountId }) => accountId)).toEqual(
      expect.arrayContaining([ann, cy, dan].map(({ accountId }) => accountId)),
    );
  });

  test('by leaving the queue: the same', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    await ann.leave();
    expect(ann.cancelled).toMatchObject([{ matchId, requeued: false }]);
    expect(bob.cancelled).toMatchObject([{ matchId, requeued: true }]);
    expect(await cooldown(rig, ann)).toBe(30_000);
    await expect(ann.join()).rejects.toMatchObject({ code: 'cooldown' });
    rig.clock.advance(30_000);
    await ann.join();
    expect(await rig.entry(ann)).not.toBeNull();
  });

  test('after he had accepted: it counts while others are asked, and an accept does not undo it', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    await ann.reply(true);
    await ann.reply(false);
    await ann.reply(false);
    expect(await rig.match(matchId)).toMatchObject({ state: 'cancelled' });
    await expect(ann.reply(true)).rejects.toMatchObject({ code: 'over' });
    await expect(bob.reply(true)).rejects.toMatchObject({ code: 'over' });
    expect(await cooldown(rig, ann)).toBe(30_000);
    expect(bob.cancelled).toHaveLength(1);
  });

  test('again and again: each cooldown is longer, up to the longest, and time makes them shorter again', async () => {
    const rig = await checkRig();
    const [ann, bob] = await rig.pair();
    const decline = async (): Promise<number> => {
      await ann.join();
      await bob.join();
      await rig.tick();
      await ann.reply(false);
      const ms = await cooldown(rig, ann);
      rig.clock.advance(ms);
      return Math.round(ms / 1_000);
    };
    const cooldowns: number[] = [];
    for (let i = 0; i < 5; i++) cooldowns.push(await decline());
    // Between two of them a little of the level is forgotten.
    expect(cooldowns[0]).toBe(30);
    for (let i = 1; i < 4; i++) expect(cooldowns[i]).toBeGreaterThan((cooldowns[i - 1] ?? 0) * 3);
    expect(cooldowns[4]).toBe(1_800);
    rig.clock.advance(7 * 24 * 3_600_000);
    // The certificate of the other one has expired.
    await rig.server();
    expect(await decline()).toBe(30);
  });
});

test.each(['leaves', 'declines'] as const)(
  'who %s at the very moment in which he is asked has a cooldown, too',
  async (how) => {
    const rig = await checkRig();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    let gone: Promise<void> | undefined;
    const { receive } = ann;
    ann.receive = (type, message) => {
      receive.call(ann, type, message);
      if (type === MsgType.MatchProposed) gone = how === 'leaves' ? ann.leave() : ann.reply(false);
    };
    await rig.tick();
    await gone;
    expect(ann.cancelled).toMatchObject([{ requeued: false }]);
    expect(await cooldown(rig, ann)).toBe(30_000);
  },
);

describe('somebody keeps silent', () => {
  test('until the time is over: he is out with a cooldown, who accepted waits on', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    const joinedAt = (await rig.match(matchId)).players.find(
      (player) => player.accountId === ann.accountId,
    )?.queuedAt;
    await ann.reply(true);
    await rig.pass(SECONDS * 1_000 - 1_000);
    expect(await rig.match(matchId)).toMatchObject({ state: 'checking' });
    await rig.pass(1_500);
    const reason = 'not everybody was ready in time';
    expect(ann.cancelled).toEqual([{ matchId, reason, requeued: true }]);
    expect(bob.cancelled).toEqual([{ matchId, reason, requeued: false }]);
    expect(await rig.entry(ann)).toMatchObject({ matchId: null, joinedAt });
    expect(await rig.entry(bob)).toBeNull();
    expect([await cooldown(rig, ann), (await cooldown(rig, bob)) > 28_000]).toEqual([0, true]);
  });

  test('because he went offline and stayed away: the same, and he is told when he is back', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    bob.disconnect();
    await ann.reply(true);
    await timeOut(rig);
    expect(await rig.entry(bob)).toBeNull();
    expect(ann.cancelled).toMatchObject([{ requeued: true }]);
    bob.connect();
    await rig.idle();
    expect(bob.cancelled).toMatchObject([{ matchId, requeued: false }]);
    await expect(bob.join()).rejects.toMatchObject({ code: 'cooldown' });
  });

  test('but was never told: he keeps his place, and nobody has a cooldown', async () => {
    const rig = await checkRig();
    const [ann, bob] = await rig.pair();
    await ann.join();
    await bob.join();
    // His connection is broken, which the master has not noticed yet.
    bob.lose();
    await rig.tick();
    await ann.reply(true);
    await timeOut(rig);
    expect(bob.proposed).toEqual([]);
    expect(bob.cancelled).toEqual([]);
    expect(await rig.entry(bob)).not.toBeNull();
    expect(await cooldown(rig, bob)).toBe(0);
  });
});

test('maintenance ends the check at once, with nobody to blame, and everybody keeps his place', async () => {
  const rig = await checkRig();
  const { ann, bob, matchId } = await asked(rig);
  await ann.reply(true);
  await rig.store.write('maintenance', (tx) => settings.setMaintenance(tx, true));
  await rig.tick();
  const reason = 'the service is closed for maintenance';
  for (const player of [ann, bob]) {
    expect(player.cancelled).toEqual([{ matchId, reason, requeued: true }]);
    expect(await rig.entry(player)).toMatchObject({ matchId: null });
    expect(await cooldown(rig, player)).toBe(0);
  }
});
