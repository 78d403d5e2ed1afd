import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MsgType, type CmdAllowPlayers } from '@ranked/protocol';
import { certificates, gameServers, matches } from '@ranked/store';
import { stopRigs } from './support/game-rigs.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';
import { gamesOf, readyDuel, rowOf, until, TwoNodes } from './support/two-nodes.js';

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

describe('the whole life of a match over two nodes', () => {
  test.each([
    ['a', 'ab'],
    ['a', 'ba'],
    ['b', 'ab'],
    ['b', 'ba'],
  ] as const)('one player on each, the server on %s, ticks in the order %s', async (where, order) => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const turns = order === 'ab' ? [a, b] : [b, a];
    const server = await nodes[where].server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    await ann.join();
    await bob.join();
    for (let i = 0; i < 3; i++) await nodes.tick(500, turns);
    expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
    const matchId = ann.found[0]?.matchId ?? '';
    for (const player of [ann, bob]) expect(player.found).toMatchObject([{ matchId, port: server.port }]);
    await server.start(matchId);
    await nodes.tick(500, turns);
    for (const player of [ann, bob]) expect(player.started).toMatchObject([{ matchId }]);
    await server.result(matchId);
    for (let i = 0; i < 3; i++) await nodes.tick(500, turns);
    for (const player of [ann, bob]) {
      expect(player.reports).toMatchObject([{ matchId }]);
      expect(player.cancelled).toEqual([]);
      expect(player.found).toHaveLength(1);
      expect(await gamesOf(nodes, player)).toBe(1);
    }
  });

  test('both players on the node that neither leads nor has the server', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const server = await a.server();
    const [ann, bob] = [await nodes.player(b), await nodes.player(b)];
    await nodes.tick();
    await ann.join();
    await bob.join();
    nodes.clock.advance(500);
    nodes.a.heartbeats();
    await nodes.b.ticker.tickOnce();
    // Node b may lead as well as a: whoever it is, each does its own part.
    await nodes.tick();
    await nodes.tick();
    const matchId = ann.found[0]?.matchId ?? '';
    await server.start(matchId);
    await server.result(matchId);
    expect(ann.reports).toHaveLength(0);
    await nodes.tick();
    for (const player of [ann, bob]) expect(player.reports).toMatchObject([{ matchId }]);
  });
});

describe('one node at a time leads', () => {
  test('both tick in the same moment, again and again: nobody is matched twice', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const servers = [await a.server('on-a', { capacity: 40 }), await b.server('on-b', { capacity: 40 })];
    const players = [...(await a.connectedPlayers(20)), ...(await b.connectedPlayers(20))];
    await nodes.tick();
    await Promise.all(players.map((player) => player.join()));
    const created: string[] = [];
    for (let i = 0; i < 4; i++) {
      nodes.clock.advance(500);
      a.heartbeats();
      const summaries = await Promise.all([a.ticker.tickOnce(), b.ticker.tickOnce()]);
      for (const summary of summaries) if (!summary.leader) expect(summary.created).toEqual([]);
      created.push(...summaries.flatMap((summary) => summary.created));
      await nodes.idle();
    }
    expect(new Set(created).size).toBe(20);
    expect(created).toHaveLength(20);
    for (const player of players) expect(player.found).toHaveLength(1);
    expect(servers.reduce((sum, server) => sum + server.held.size, 0)).toBe(20);
  });

  test('the other one writes what it knows of its own peers, and moves what they refuse once it leads', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const first = await a.server('first', { capacity: 50 });
    first.policy = ({ type }) =>
      type === MsgType.CmdAllowPlayers ? { ok: false, error: { code: 'full', message: 'no' } } : undefined;
    const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
    await ann.join();
    await bob.join();
    nodes.clock.advance(500);
    await a.ticker.tickOnce();
    await a.idle();
    const second = await a.server('second', { capacity: 5 });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (locked = resolve));
    const leader = b.store.write(
      'tick',
      async () => {
        locked();
        await held;
      },
      { lock: 'tick' },
    );
    await taken;
    nodes.clock.advance(500);
    expect(await a.ticker.tickOnce()).toMatchObject({ leader: false, moved: 0 });
    // Its server was asked again meanwhile, and refused again.
    await a.idle();
    expect(await rowOf(nodes, second)).toMatchObject({ online: true, nodeId: 'node-a' });
    release();
    await leader;
    nodes.clock.advance(500);
    expect(await a.ticker.tickOnce()).toMatchObject({ leader: true, moved: 1 });
    await a.idle();
    expect(ann.found).toMatchObject([{ port: second.port }]);
  });

  test('a leader that dies after its commit, before anything was sent: the other one goes on', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const server = await b.server();
    const [ann, bob] = [await nodes.player(b), await nodes.player(b)];
    await ann.join();
    await bob.join();
    await nodes.tick(0, [b]);
    const before = await b.entry(ann);
    // Whether a or b made the match, the rows say the same.
    nodes.clock.advance(500);
    a.heartbeats();
    a.kill.arm(2);
    await expect(a.ticker.tickOnce()).rejects.toThrow('killed');
    nodes.kill(a);
    expect(before).not.toBeNull();
    await nodes.tick();
    await nodes.tick();
    expect(ann.found).toHaveLength(1);
    expect(bob.found).toHaveLength(1);
    expect(server.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
    await server.start(ann.found[0]?.matchId ?? '');
    await server.result(ann.found[0]?.matchId ?? '');
    for (const player of [ann, bob]) expect(player.reports).toHaveLength(1);
  });

  test('a node that dies with a server, players and a running match: all go on with the other one', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    await a.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    const { match, server } = await readyDuel(nodes, ann, bob);
    await server.start(match.id);
    nodes.kill(a);
    await nodes.tick();
    for (const peer of [server, ann]) {
      peer.rig = b;
      peer.connect();
    }
    await nodes.idle();
    await nodes.pass(40_000);
    expect(await b.match(match.id)).toMatchObject({ state: 'running', serverLostAt: null });
    expect(await b.store.read((tx) => gameServers.byId(tx, server.id))).toMatchObject({
      online: true,
      nodeId: 'node-b',
    });
    await server.result(match.id);
    for (const player of [ann, bob]) expect(player.reports).toMatchObject([{ matchId: match.id }]);
  });
});

describe('what one node does, the other one follows', () => {
  test('a match called off by a leaver on one node: players and server on the other are told', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    await a.server();
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    const { match, server } = await readyDuel(nodes, ann, bob);
    await bob.leave();
    expect(bob.cancelled).toMatchObject([{ matchId: match.id, requeued: false }]);
    expect(server.held.has(match.id)).toBe(true);
    // Not by way of the next heartbeat: the rows are enough.
    nodes.clock.advance(500);
    await a.ticker.tickOnce();
    await a.idle();
    expect(ann.cancelled).toMatchObject([{ matchId: match.id, requeued: true }]);
    expect(server.held.has(match.id)).toBe(false);
    await nodes.tick();
    await nodes.tick();
    expect(ann.cancelled).toHaveLength(1);
    expect(server.got(MsgType.CmdCancelMatch)).toHaveLength(1);
  });

  test('a match whose server is gone is abandoned by whoever leads; both hear of it', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const [ann, bob] = [await nodes.player(a), await nodes.player(b)];
    await a.server();
    await nodes.pass(40_000);
    const { match, server } = await readyDuel(nodes, ann, bob);
    await server.start(match.id);
    server.crash();
    await nodes.pass(a.config.serverGraceMs + 3_000);
    expect(await a.match(match.id)).toMatchObject({ state: 'abandoned' });
    for (const player of [ann, bob]) expect(player.reports).toMatchObject([{ outcome: 'void' }]);
  });

  test('a server that takes matches again is forgiven by the node that saw it fail, too', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const server = await a.server();
    const players = [await nodes.player(a), await nodes.player(a)];
    /** Nobody answers, and node b is the one to find the time over. @returns how long the server rests, ms */
    const failed = async (): Promise<number> => {
      server.policy = ({ type }) => (type === MsgType.CmdAllowPlayers ? 'silent' : undefined);
      const asked = server.got(MsgType.CmdAllowPlayers).length;
      nodes.clock.advance(500);
      a.heartbeats();
      await a.ticker.tickOnce();
      await until(() => server.got(MsgType.CmdAllowPlayers).length > asked);
      nodes.clock.advance(a.config.allowAckTimeoutMs + a.config.tickMs);
      expect(await b.ticker.tickOnce()).toMatchObject({ leader: true, failedServers: [server.id] });
      server.policy = () => undefined;
      server.connection?.timeOut();
      await nodes.idle();
      return ((await rowOf(nodes, server))?.failedUntil ?? 0) - nodes.clock.now();
    };
    for (const player of players) await player.join();
    const first = await failed();
    await nodes.pass(first + 2_000);
    const matchId = players[0]?.found[0]?.matchId ?? '';
    await server.start(matchId);
    await server.result(matchId);
    await nodes.tick();
    for (const player of players) await player.join();
    expect(await failed()).toBe(first);
  });

  test('a node that starts, or starts again, takes no server of the other one offline', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const [onA, onB] = [await a.server('on-a'), await b.server('on-b')];
    await nodes.tick();
    await nodes.pass(60_000);
    await a.restart();
    await nodes.tick(500, [a]);
    expect(await rowOf(nodes, onA)).toMatchObject({ online: false });
    expect(await rowOf(nodes, onB)).toMatchObject({ online: true, nodeId: 'node-b' });
    onA.connect();
    await nodes.tick();
    expect(await rowOf(nodes, onA)).toMatchObject({ online: true });
  });

  test('a revoked certificate: the node that holds the connection ends it with its next look, and takes nothing more', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const [onA, onB] = [await a.server('on-a'), await b.server('on-b')];
    await nodes.tick();
    await b.store.write('revoke', (tx) => certificates.revoke(tx, onA.id, 'stolen'));
    // Even before that look, a heartbeat does not bring it back.
    await b.ticker.watchOnce();
    expect(onA.isConnected).toBe(true);
    await a.ticker.watchOnce();
    expect(onA.connection?.closes).toEqual(['revoked']);
    await nodes.tick();
    expect(await rowOf(nodes, onA)).toMatchObject({ online: false });
    expect(onB.isConnected).toBe(true);
  });

  test('no match is made twice, lost or told twice when players, servers and nodes come and go', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const servers = [await a.server(), await b.server()];
    const players = [...(await a.connectedPlayers(4)), ...(await b.connectedPlayers(4))];
    const played = new Set<string>();
    for (let round = 0; round < 12; round++) {
      for (const player of players) if (!(await a.entry(player))) await player.join();
      await nodes.tick(500, round % 2 === 0 ? [a, b] : [b, a]);
      const mover = players[round % players.length];
      if (mover) await nodes.move(mover, mover.rig === a ? b : a, { hanging: round % 3 === 0 });
      const server = servers[round % 2];
      if (round % 4 === 1 && server) await nodes.move(server, server.rig === a ? b : a);
      nodes.clock.advance(500);
      a.heartbeats();
      await Promise.all([a.ticker.tickOnce(), b.ticker.tickOnce()]);
      await nodes.idle();
      await nodes.tick(500, [b, a]);
      for (const one of servers) {
        for (const matchId of [...one.held.keys()]) {
          const { state } = await a.match(matchId);
          if (state === 'ready') await one.start(matchId);
          if (state === 'running') {
            await one.result(matchId);
            played.add(matchId);
          }
        }
      }
    }
    await nodes.tick();
    await nodes.tick();
    expect(played.size).toBeGreaterThan(8);
    for (const player of players) {
      const { items } = await a.store.read((tx) => matches.history(tx, player.accountId, { limit: 100 }));
      const told = player.reports.map((report) => report.matchId);
      expect(told.slice().sort()).toEqual(items.map(({ match }) => match.id).sort());
      expect((await gamesOf(nodes, player)) ?? 0).toBe(items.length);
    }
    const allowed = servers.flatMap((one) => one.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers));
    for (const { matchId } of allowed) {
      const on = servers.filter((one) =>
        one.got<CmdAllowPlayers>(MsgType.CmdAllowPlayers).some((allow) => allow.matchId === matchId),
      );
      expect(on).toHaveLength(1);
    }
  });
});
