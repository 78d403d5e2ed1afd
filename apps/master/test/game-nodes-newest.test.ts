import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { peerConnections, type Store } from '@ranked/store';
import { silenceMs } from '../src/matchmaking/deadlines.js';
import {
  CONNECTIONS_KEPT_MS,
  CONNECTIONS_PER_ROUND,
  PeerConnectionSweeper,
} from '../src/matchmaking/peer-connection-sweeper.js';
import { stopRigs } from './support/game-rigs.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';
import { TwoNodes, until } from './support/two-nodes.js';

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

async function twoNodes(): Promise<TwoNodes> {
  const url = await cluster.createDatabase(`newest_${++databases}`);
  return TwoNodes.start({ kind: 'postgres', url, poolSize: 4 });
}

/** Keeps the shared commits of a node waiting until what this gives is called. */
function holdGroup(store: Store): () => Promise<void> {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const held = store.writeGrouped('held', () => gate);
  return async () => {
    release();
    await held;
  };
}

const rename = (store: Store, from: string, to: string) =>
  store.write('rename', (tx) => tx.run(`ALTER TABLE ${from} RENAME TO ${to}`));

describe('the newest connection stays open, though that of an older one is noted after it', () => {
  test.each(['server', 'player'] as const)('of a %s: the note waited behind other writes', async (kind) => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const peer = kind === 'server' ? await b.server() : await nodes.player(b);
    await nodes.tick();
    peer.disconnect();
    await nodes.tick();

    const release = holdGroup(a.store);
    peer.rig = a;
    peer.connect();
    const older = peer.connection;
    await until(() => a.store.metrics.queueDepth > 0);
    nodes.clock.advance(1_000);
    peer.rig = b;
    peer.connect();
    await b.idle();
    nodes.clock.advance(1_000);
    await release();
    await nodes.idle();
    for (let i = 0; i < 3; i++) await nodes.tick();
    expect(older?.closes).toEqual(['superseded']);
    expect(peer.connection?.closes).toEqual([]);
    expect(peer.isConnected).toBe(true);
  });

  test('of a server: the note failed at first', async () => {
    const nodes = await twoNodes();
    const { a, b } = nodes;
    const server = await b.server();
    await nodes.tick();
    server.disconnect();
    await nodes.tick();

    await rename(a.store, 'peer_connection', 'gone');
    await nodes.move(server, a);
    const older = server.connection;
    await rename(a.store, 'gone', 'peer_connection');
    nodes.clock.advance(1_000);
    await nodes.move(server, b, { hanging: true });
    nodes.clock.advance(1_000);
    for (let i = 0; i < 3; i++) await nodes.tick();
    expect(older?.closes).toEqual(['superseded']);
    expect(server.connection?.closes).toEqual([]);
    expect(server.isConnected).toBe(true);
  });
});

test('a player whose old connection ends after he came to the other node is there for both', async () => {
  const nodes = await twoNodes();
  const { a, b } = nodes;
  await a.server();
  const [ann, bob] = [await nodes.player(a), await nodes.player(a)];
  await ann.join();
  await nodes.tick();
  const older = ann.connection;
  await nodes.move(ann, b, { hanging: true });
  await b.ticker.tickOnce();
  nodes.clock.advance(200);
  const seenAt = (await a.entry(ann))?.lastSeen ?? 0;
  older?.end('ended');
  await a.ticker.tickOnce();
  expect((await a.entry(ann))?.lastSeen).toBe(seenAt);
  expect(seenAt).toBeGreaterThan(nodes.clock.now() - silenceMs(a.config));
  await bob.join();
  await a.ticker.tickOnce();
  expect(await a.liveMatch(ann)).toBeDefined();
});

test('newest connections of long ago are forgotten, a bounded number at a time', async () => {
  const { a } = await twoNodes();
  const server = await a.server();
  await a.idle();
  await a.store.write('old', (tx) =>
    peerConnections.note(
      tx,
      Array.from({ length: CONNECTIONS_PER_ROUND + 1 }, (_, n) => ({
        peerId: `old-${n}`,
        connectionId: 'c',
        openMs: CONNECTIONS_KEPT_MS + 60_000,
      })),
    ),
  );
  const left = async (): Promise<string[]> =>
    (await a.store.read((tx) => tx.rows<{ id: string }>('SELECT peer_id AS id FROM peer_connection'))).map(
      ({ id }) => id,
    );
  expect(await left()).toHaveLength(CONNECTIONS_PER_ROUND + 2);
  const sweeper = a.app.get(PeerConnectionSweeper, { strict: false });
  await sweeper.sweep();
  expect(await left()).toHaveLength(2);
  await sweeper.sweep();
  expect(await left()).toEqual([server.id]);
});
