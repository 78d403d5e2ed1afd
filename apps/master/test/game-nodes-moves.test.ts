import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MsgType, type CmdCancelMatch } from '@ranked/protocol';
import { FakeServer } from './support/fake-server.js';
import { stopRigs } from './support/game-rigs.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';
import { readyDuel, rowOf, until, TwoNodes } from './support/two-nodes.js';

let cluster: PostgresCluster;
let databases = 0;
beforeAll(async () => {
  cluster = await startPostgres();
}, 60_000);
afterEach(stopRigs);
afterAll(async () => {
  await cluster.stop();
  removeTempDirs();
});

async function twoNodes(config: Parameters<typeof TwoNodes.start>[1] = {}): Promise<TwoNodes> {
  const url = await cluster.createDatabase(`nodes_${++databases}`);
  return TwoNodes.start({ kind: 'postgres', url, poolSize: 4 }, config);
}

describe('a player who goes to the other node', () => {
  test('while he waits: keeps his place, is matched from there, and told once', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    await a.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
    await ann.join();
    const joinedAt = (await a.entry(ann))?.joinedAt;
    await nodes.tick();
    await nodes.move(ann, b);
    // The node that he left says so; the one he came to has seen him since.
    await nodes.tick(500, [b, a]);
    expect(await a.entry(ann)).toMatchObject({ joinedAt, matchId: null });
    await bob.join();
    await nodes.tick(500, [a, b]);
    await nodes.tick(500, [a, b]);
    expect(ann.found).toHaveLength(1);
    expect(bob.found).toHaveLength(1);
  });

  test.each([
    ['ready', false],
    ['ready', true],
    ['running', false],
    ['running', true],
  ] as const)(
    'while his match is %s (old connection left hanging: %s): told there, with a new token',
    async (state, hanging) => {
      const nodes = await twoNodes();
      const { a, b } = nodes;
      await a.server();
      const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
      const { match, server } = await readyDuel(nodes, ann, bob);
      if (state === 'running') await server.start(match.id);
      await nodes.tick();
      const older = ann.connection;
      nodes.clock.advance(10);
      await nodes.move(ann, b, { hanging });
      await a.ticker.tickOnce();
      await nodes.idle();
      // Node a has the Ack of the new token, and must not tell a connection that is not the newest.
      expect(ann.found).toHaveLength(1);
      await b.ticker.tickOnce();
      await nodes.idle();
      expect(ann.found).toHaveLength(2);
      expect(ann.connection?.isOpen).toBe(true);
      const newest = ann.found[1];
      expect(server.admits(match.id, newest?.playerId ?? '', newest?.joinToken ?? '')).toBe(true);
      expect(server.admits(match.id, newest?.playerId ?? '', ann.found[0]?.joinToken ?? '')).toBe(false);
      await nodes.tick();
      await nodes.tick();
      expect(ann.found).toHaveLength(2);
      expect(bob.found).toHaveLength(1);
      if (hanging) expect(older?.closes).toEqual(['superseded']);
    },
  );

  test('or is on both at once: the newer connection takes over, and is the one that hears', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const server = await a.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
    const older = ann.connection;
    await nodes.move(ann, b, { hanging: true });
    await ann.join();
    await bob.join();
    // Before the watch has looked: the older one is still open.
    nodes.clock.advance(500);
    a.heartbeats();
    await a.ticker.tickOnce();
    await nodes.idle();
    expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
    expect(older?.isOpen).toBe(true);
    expect(ann.found).toHaveLength(0);
    await nodes.tick();
    expect(older?.closes).toEqual(['superseded']);
    expect(ann.connection?.isOpen).toBe(true);
    expect(ann.found).toHaveLength(1);
    await server.start(ann.found[0]?.matchId ?? '');
    await server.result(ann.found[0]?.matchId ?? '');
    await nodes.tick();
    expect(ann.reports).toHaveLength(1);
  });

  test('finds there the report, or the cancellation, of what ended meanwhile', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    await a.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
    const first = await readyDuel(nodes, ann, bob);
    await first.server.start(first.match.id);
    ann.disconnect();
    await first.server.result(first.match.id);
    await nodes.tick();
    await nodes.move(ann, b);
    expect(ann.reports).toMatchObject([{ matchId: first.match.id }]);
    const second = await readyDuel(nodes, ann, bob);
    ann.disconnect();
    await bob.leave();
    await nodes.tick();
    await nodes.move(ann, a);
    expect(ann.cancelled).toMatchObject([{ matchId: second.match.id, requeued: true }]);
    await nodes.tick();
    await nodes.move(ann, b);
    expect(ann.cancelled).toHaveLength(1);
    expect(bob.cancelled).toHaveLength(1);
  });

  test('who left one node is not matched by the other, though his place is kept', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    await b.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    await nodes.pass(40_000);
    await ann.join();
    await nodes.tick();
    ann.disconnect();
    await nodes.tick(500, [a]);
    await bob.join();
    await nodes.tick(500, [b, a]);
    await nodes.tick(500, [b, a]);
    expect(await b.liveMatch(bob)).toBeUndefined();
    await nodes.pass(a.config.queueGraceMs - 3_000);
    expect(await b.entry(ann)).toMatchObject({ matchId: null });
    await nodes.pass(3_000);
    expect(await b.entry(ann)).toBeNull();
  });
});

describe('a game server that goes to the other node', () => {
  test.each([false, true])(
    'with a ready and a running match (old connection left hanging: %s)',
    async (hanging) => {
      const nodes = await twoNodes();
      const { a, b } = nodes;
      const server = await a.server();
      const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
      const running = await readyDuel(nodes, ann, bob);
      await server.start(running.match.id);
      const [cy, dan] = [await nodes.player(a), await nodes.player(b)];
      const ready = await readyDuel(nodes, cy, dan);
      const older = server.connection;
      nodes.clock.advance(10);
      await nodes.move(server, b, { hanging });
      await nodes.tick();
      await nodes.tick();
      expect(older?.isOpen).toBe(false);
      if (hanging) expect(older?.closes).toEqual(['superseded']);
      expect(await rowOf(nodes, server)).toMatchObject({ online: true, nodeId: 'node-b' });
      await nodes.pass(40_000);
      expect(await rowOf(nodes, server)).toMatchObject({ online: true, nodeId: 'node-b' });
      await server.start(ready.match.id);
      await server.result(running.match.id);
      await server.result(ready.match.id);
      await nodes.tick();
      for (const player of [ann, bob, cy, dan]) {
        expect(player.reports).toHaveLength(1);
        expect(player.cancelled).toEqual([]);
        expect(player.found).toHaveLength(1);
      }
    },
  );

  test('hostile: one certificate on both nodes at once. One connection stays, and no match is harmed', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const server = await a.server('victim');
    const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
    const { match } = await readyDuel(nodes, ann, bob);
    await server.start(match.id);
    const thief = new FakeServer(b, server.id, 'victim', {
      capacity: 10,
      port: 9_999,
      masterKeyId: b.keys.current().keyId,
    });
    a.servers.push(thief);
    for (let round = 0; round < 4; round++) {
      const [comes, goes] = round % 2 === 0 ? [thief, server] : [server, thief];
      nodes.clock.advance(10);
      comes.connect();
      await nodes.idle();
      await nodes.tick();
      expect([comes.isConnected, goes.isConnected]).toEqual([true, false]);
      expect(goes.connection?.closes).toEqual(['superseded']);
      await nodes.tick();
      expect(await rowOf(nodes, server)).toMatchObject({ online: true, port: comes.port });
    }
    await nodes.pass(20_000);
    expect(await a.match(match.id)).toMatchObject({ state: 'running', serverLostAt: null });
    await server.result(match.id);
    expect(ann.reports).toHaveLength(1);
  });

  test('its late Ack on the node it was on changes nothing, and it is told to drop the match', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const slow = await a.server('slow', { capacity: 50 });
    const answers: (() => void)[] = [];
    slow.policy = ({ type }) =>
      type === MsgType.CmdAllowPlayers
        ? new Promise((resolve) => answers.push(() => resolve({ ok: true })))
        : undefined;
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    await ann.join();
    await bob.join();
    nodes.clock.advance(500);
    await a.ticker.tickOnce();
    await until(() => answers.length === 1);
    const quick = await b.server('quick', { capacity: 5 });
    nodes.clock.advance(a.config.allowAckTimeoutMs + a.config.tickMs);
    a.heartbeats();
    expect(await b.ticker.tickOnce()).toMatchObject({ leader: true, moved: 1 });
    await b.idle();
    expect(bob.found).toMatchObject([{ port: quick.port }]);
    answers[0]?.();
    await a.idle();
    expect(slow.got<CmdCancelMatch>(MsgType.CmdCancelMatch).map(({ matchId }) => matchId)).toContain(
      bob.found[0]?.matchId,
    );
    await nodes.tick();
    expect(ann.found).toMatchObject([{ port: quick.port }]);
    expect(await a.liveMatch(ann)).toMatchObject({ state: 'ready', serverId: quick.id, attempt: 2 });
  });
});
