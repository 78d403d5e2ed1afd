import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { MsgType } from '@ranked/protocol';
import { penalties, settings } from '@ranked/store';
import type { FakePlayer } from './support/fake-player.js';
import { stopRigs } from './support/game-rigs.js';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { removeTempDirs } from './support/temp-dir.js';
import { TwoNodes } from './support/two-nodes.js';

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

const SECONDS = 20;

/** Two nodes, the server on the first, and a player on each who is asked about a duel. */
async function asked(): Promise<{ nodes: TwoNodes; ann: FakePlayer; bob: FakePlayer; matchId: string }> {
  const url = await cluster.createDatabase(`checks_${++databases}`);
  const nodes = await TwoNodes.start({ kind: 'postgres', url, poolSize: 4 }, {}, SECONDS);
  await nodes.a.server();
  await nodes.a.settle();
  await nodes.b.ticker.tickOnce();
  await nodes.a.settle();
  await nodes.b.idle();
  const [ann, bob] = [await nodes.player(nodes.a), await nodes.player(nodes.b)];
  await ann.join();
  await bob.join();
  await nodes.tick();
  await nodes.tick();
  const matchId = ann.proposed[0]?.matchId ?? '';
  for (const player of [ann, bob]) expect(player.proposed).toMatchObject([{ matchId, accepted: 0 }]);
  return { nodes, ann, bob, matchId };
}

const cooldown = ({ a }: TwoNodes, player: FakePlayer): Promise<number | null> =>
  a.store.read((tx) => penalties.cooldownOf(tx, player.accountId));

test('players on two masters are both asked, hear of each other, and play once both have accepted', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await bob.reply(true);
  await nodes.tick();
  expect(ann.proposalStates).toEqual([{ matchId, accepted: 1, players: 2 }]);
  await ann.reply(true);
  await nodes.tick();
  await nodes.tick();
  for (const player of [ann, bob]) {
    expect(player.found).toMatchObject([{ matchId }]);
    expect(player.proposed).toHaveLength(1);
  }
});

test('the last accepts in the same moment on two masters: the match is made, once', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await Promise.all([ann.reply(true), bob.reply(true)]);
  await nodes.tick();
  await nodes.tick();
  for (const player of [ann, bob]) expect(player.found).toMatchObject([{ matchId }]);
  expect(nodes.a.servers[0]?.got(MsgType.CmdAllowPlayers)).toHaveLength(1);
});

test('a decline on one master reaches the player on the other, who waits on there', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await bob.reply(false);
  await nodes.tick();
  expect(ann.cancelled).toMatchObject([{ matchId, requeued: true }]);
  expect(bob.cancelled).toMatchObject([{ matchId, requeued: false }]);
  expect(await nodes.a.entry(ann)).toMatchObject({ matchId: null });
  expect([await cooldown(nodes, ann), (await cooldown(nodes, bob)) !== null]).toEqual([null, true]);
  await expect(bob.join()).rejects.toMatchObject({ code: 'cooldown' });
});

test('who goes to the other master is asked again there, and there only', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await nodes.move(bob, nodes.a, { hanging: true });
  await nodes.tick();
  expect(bob.proposed).toHaveLength(2);
  await bob.reply(true);
  await nodes.move(ann, nodes.b);
  expect(ann.proposed.at(-1)).toMatchObject({ matchId, answered: false, accepted: 1 });
  await ann.reply(true);
  await nodes.tick();
  await nodes.tick();
  for (const player of [ann, bob]) expect(player.found).toMatchObject([{ matchId }]);
});

test('a master that dies takes nobody with it: its players answer at the other one', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await bob.reply(true);
  nodes.kill(nodes.b);
  bob.rig = nodes.a;
  bob.connect();
  await nodes.idle();
  expect(bob.proposed.at(-1)).toMatchObject({ matchId, answered: true });
  await ann.reply(true);
  await nodes.tick();
  await nodes.tick();
  for (const player of [ann, bob]) expect(player.found).toMatchObject([{ matchId }]);
});

test('the time runs out: each hears it from the master that he is connected to', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await bob.reply(true);
  await nodes.pass(SECONDS * 1_000 + 1_000);
  expect(ann.cancelled).toMatchObject([{ matchId, requeued: false }]);
  expect(bob.cancelled).toMatchObject([{ matchId, requeued: true }]);
  expect(await cooldown(nodes, ann)).not.toBeNull();
});

test('maintenance that one switches on is told by both', async () => {
  const { nodes, ann, bob, matchId } = await asked();
  await nodes.b.store.write('maintenance', (tx) => settings.setMaintenance(tx, true, 'Back at noon.'));
  await nodes.tick();
  await nodes.tick();
  for (const player of [ann, bob]) {
    expect(player.serviceNotices).toEqual([{ maintenance: true, message: 'Back at noon.' }]);
    expect(player.cancelled).toMatchObject([{ matchId, requeued: true }]);
  }
});
