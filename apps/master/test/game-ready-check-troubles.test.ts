import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { certificates } from '@ranked/store';
import { startRig, stopRigs } from './support/game-rigs.js';
import { SECONDS, asked, checkRig, cooldown } from './support/ready-check.js';
import { removeTempDirs } from './support/temp-dir.js';

afterEach(stopRigs);
afterAll(removeTempDirs);

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
