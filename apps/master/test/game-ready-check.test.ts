import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { certificates, penalties, settings } from '@ranked/store';
import type { FakePlayer } from './support/fake-player.js';
import type { GameRig, GameRigOptions } from './support/game-rig.js';
import { startRig, stopRigs } from './support/game-rigs.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

const SECONDS = 20;

/** A rig whose queues have a ready check, with a server, so old that absence counts. */
async function checkRig(options: GameRigOptions = {}): Promise<GameRig> {
  const rig = await startRig({ readySeconds: SECONDS, ...options });
  await rig.server();
  await rig.settle();
  return rig;
}

/** Two players who are asked about a duel. */
async function asked(rig: GameRig): Promise<{ ann: FakePlayer; bob: FakePlayer; matchId: string }> {
  const [ann, bob] = await rig.pair();
  await ann.join();
  await bob.join();
  await rig.tick();
  const matchId = ann.proposed.at(-1)?.matchId ?? '';
  expect(await rig.match(matchId)).toMatchObject({ state: 'checking' });
  return { ann, bob, matchId };
}

/** For how long a player may not join, ms. */
async function cooldown(rig: GameRig, player: FakePlayer): Promise<number> {
  const until = await rig.store.read((tx) => penalties.cooldownOf(tx, player.accountId));
  return until === null ? 0 : until - rig.clock.now();
}

/** The time of the check passes. */
const timeOut = (rig: GameRig): Promise<void> => rig.pass(SECONDS * 1_000 + rig.config.tickMs);

const allowed = (rig: GameRig): number =>
  rig.servers.reduce((sum, server) => sum + server.got(MsgType.CmdAllowPlayers).length, 0);

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

describe('who comes back in the middle of it', () => {
  test('is asked again, told what he answered, and can still answer', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    const expiresAt = ann.proposed[0]?.expiresAt;
    await ann.reply(true);
    for (const player of [ann, bob]) {
      player.disconnect();
      player.connect();
    }
    await rig.idle();
    const again = { matchId, queue: 'duel', teams: [1, 1], expiresAt, accepted: 1 };
    expect(ann.proposed[1]).toEqual({ ...again, answered: true });
    expect(bob.proposed[1]).toEqual({ ...again, answered: false });
    await bob.reply(true);
    for (const player of [ann, bob]) expect(player.found).toMatchObject([{ matchId }]);
  });

  test('or asks for a queue: once per connection, however often he asks', async () => {
    const rig = await checkRig();
    const { ann, matchId } = await asked(rig);
    for (let i = 0; i < 20; i++) {
      rig.clock.advance(1_001);
      await ann.join('team');
    }
    expect(ann.proposed).toHaveLength(1);
    expect(await rig.entry(ann)).toMatchObject({ matchId });
  });

  test('to a master that was killed meanwhile: asked again, and the check goes on', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    await ann.reply(true);
    await rig.restart();
    for (const server of rig.servers) server.connect();
    for (const player of [ann, bob]) player.connect();
    await rig.tick();
    expect(ann.proposed.at(-1)).toMatchObject({ matchId, answered: true, accepted: 1 });
    expect(bob.proposed.at(-1)).toMatchObject({ matchId, answered: false });
    await bob.reply(true);
    expect(bob.found).toMatchObject([{ matchId }]);
  });

  test('to a master that was down for longer than the check: called off, nobody is judged by that', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    await rig.restart();
    rig.clock.advance(SECONDS * 1_000 + 5_000);
    for (const server of rig.servers) server.connect();
    for (const player of [ann, bob]) player.connect();
    await rig.tick();
    expect(await rig.match(matchId)).toMatchObject({ state: 'cancelled' });
    for (const player of [ann, bob]) {
      expect(player.cancelled).toMatchObject([{ matchId, requeued: true }]);
      expect(await cooldown(rig, player)).toBe(0);
    }
    await rig.tick();
    expect(ann.proposed.at(-1)?.matchId).not.toBe(matchId);
  });
});

describe('the server is lost in the middle of it', () => {
  test('the match moves to another one, and is played there', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    const first = rig.serverOf(await rig.match(matchId));
    const second = await rig.server('second');
    await ann.reply(true);
    first.disconnect();
    await rig.tick();
    await rig.tick();
    expect(await rig.match(matchId)).toMatchObject({ state: 'checking', serverId: second.id, attempt: 2 });
    await bob.reply(true);
    expect(bob.found).toMatchObject([{ matchId, port: second.port }]);
    expect(first.commands).toEqual([]);
    expect(ann.proposed).toHaveLength(1);
  });

  test.each(['lost', 'revoked'] as const)(
    '%s, with no other: all wait on with the time they had, at the latest once everybody has accepted',
    async (how) => {
      const rig = await checkRig();
      const { ann, bob, matchId } = await asked(rig);
      const server = rig.serverOf(await rig.match(matchId));
      if (how === 'lost') server.disconnect();
      else {
        await rig.store.write('revoke', (tx) => certificates.revoke(tx, server.id, 'stolen'));
        await rig.ticker.watchOnce();
        expect(server.isConnected).toBe(false);
      }
      await rig.tick();
      expect(await rig.match(matchId)).toMatchObject({ state: 'checking' });
      await ann.reply(true);
      await bob.reply(true);
      await rig.tick();
      expect(await rig.match(matchId)).toMatchObject({ state: 'cancelled' });
      for (const player of [ann, bob]) {
        expect(player.cancelled).toMatchObject([{ matchId, requeued: true }]);
        expect(await rig.entry(player)).toMatchObject({ matchId: null });
        expect(await cooldown(rig, player)).toBe(0);
      }
    },
  );

  test('and back before everybody has accepted: nothing has happened', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    const server = rig.serverOf(await rig.match(matchId));
    server.disconnect();
    await rig.tick();
    server.connect();
    await rig.tick();
    await ann.reply(true);
    await bob.reply(true);
    expect(ann.found).toMatchObject([{ matchId, port: server.port }]);
  });
});

describe('who answers what he was not asked', () => {
  test("another's match, one that does not exist, one that is over: refused alike, nothing changes", async () => {
    const rig = await checkRig();
    const { ann, matchId } = await asked(rig);
    const other = await asked(rig);
    const match = await rig.match(matchId);
    for (const id of [other.matchId, randomUUID()]) {
      for (const accept of [true, false])
        await expect(ann.reply(accept, id)).rejects.toMatchObject({
          code: 'unknown_match',
          message: 'there is no such match of yours',
        });
    }
    expect(await rig.match(other.matchId)).toMatchObject({
      state: 'checking',
      players: [{ answer: null }, { answer: null }],
    });
    expect(await rig.match(matchId)).toEqual(match);
    expect(await cooldown(rig, ann)).toBe(0);
  });

  test('a match that has no check, whatever its state, is not declined this way', async () => {
    const rig = await startRig();
    await rig.server();
    const { players, match } = await rig.runningMatch();
    await expect(players[0].reply(false, match.id)).rejects.toMatchObject({ code: 'over' });
    await expect(players[0].reply(true, match.id)).rejects.toMatchObject({ code: 'over' });
    expect(await rig.match(match.id)).toMatchObject({ state: 'running' });
  });

  test('a flood of answers changes the row once, and nobody is told more than once a tick', async () => {
    const rig = await checkRig();
    const { ann, bob, matchId } = await asked(rig);
    await Promise.all(Array.from({ length: 200 }, () => ann.reply(true)));
    await rig.tick();
    await rig.tick();
    expect(bob.proposalStates).toEqual([{ matchId, accepted: 1, players: 2 }]);
    expect(bob.proposed).toHaveLength(1);
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 50 }, () => ann.reply(false)),
      ...Array.from({ length: 50 }, () => ann.reply(true)),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(50);
    expect(await rig.match(matchId)).toMatchObject({ state: 'cancelled' });
    expect(await cooldown(rig, ann)).toBe(30_000);
    expect(bob.cancelled).toHaveLength(1);
  });

  test('all at once, accepting and declining: the match is played or called off, never both', async () => {
    const rig = await checkRig();
    for (let round = 0; round < 10; round++) {
      const { ann, bob, matchId } = await asked(rig);
      await Promise.allSettled([ann.reply(true), bob.reply(true), ann.reply(false), bob.leave(), rig.tick()]);
      await rig.idle();
      await rig.tick();
      const { state } = await rig.match(matchId);
      expect(state).toBe('cancelled');
      expect(rig.servers.some((server) => server.held.has(matchId))).toBe(false);
      for (const player of [ann, bob]) {
        expect(player.cancelled.filter((one) => one.matchId === matchId)).toHaveLength(1);
        await player.leave();
      }
    }
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
