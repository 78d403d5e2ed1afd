import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { queue } from '@ranked/store';
import { stopRigs } from './support/game-rigs.js';
import { partyOf } from './support/party-of.js';
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

async function twoNodes(): Promise<TwoNodes> {
  const url = await cluster.createDatabase(`parties_${++databases}`);
  return TwoNodes.start({ kind: 'postgres', url, poolSize: 4 });
}

/** A player on either node, in one party since both have heard of it. */
async function party(nodes: TwoNodes) {
  const [ann, bob] = [await nodes.player(nodes.a), await nodes.player(nodes.b)];
  await ann.invite(bob);
  expect(bob.invitations).toEqual([]);
  await nodes.tick();
  expect(bob.invitations).toMatchObject([{ from: { id: ann.accountId } }]);
  await bob.accept();
  await nodes.tick();
  for (const player of [ann, bob]) expect(player.party?.members).toHaveLength(2);
  return { ann, bob };
}

test('members on different nodes: each hears of what happens on the other, once', async () => {
  const nodes = await twoNodes();
  const { ann, bob } = await party(nodes);
  await nodes.pass(6_000);
  expect(ann.party?.members.map(({ online }) => online)).toEqual([true, true]);
  await ann.promote(bob);
  await nodes.tick();
  expect(bob.party).toMatchObject({ leader: bob.accountId });
  const told = [ann.partyStates.length, bob.partyStates.length];
  await nodes.pass(20_000);
  expect([ann.partyStates.length, bob.partyStates.length]).toEqual(told);
  await bob.kick(ann);
  expect(ann.party).toMatchObject({ ended: false });
  await nodes.tick();
  expect(ann.party).toMatchObject({ ended: true });
});

test('they join, play and are requeued as one, whichever node ticks', async () => {
  const nodes = await twoNodes();
  const { ann, bob } = await party(nodes);
  await nodes.a.server();
  const others = [await nodes.player(nodes.a), await nodes.player(nodes.b)];
  await ann.join('team');
  await nodes.tick();
  expect(bob.party).toMatchObject({ queue: 'team' });
  for (const player of others) await player.join('team');
  for (let i = 0; i < 4 && others.some(({ found }) => found.length === 0); i++)
    await nodes.tick(500, i % 2 === 0 ? [nodes.b, nodes.a] : [nodes.a, nodes.b]);
  for (const player of [ann, bob, ...others]) expect(player.found).toHaveLength(1);
  expect(ann.found[0]?.team).toBe(bob.found[0]?.team);
  await others[0]?.leave();
  await nodes.tick();
  for (const player of [ann, bob]) expect(player.cancelled).toMatchObject([{ requeued: true }]);
  await bob.leave();
  await nodes.tick();
  expect(ann.party?.queue).toBeUndefined();
  expect(await nodes.a.entry(ann)).toBeNull();
});

test('a member who goes to another node is not away; one whose node dies is, and takes the party out', async () => {
  const nodes = await twoNodes();
  const { ann, bob } = await party(nodes);
  await nodes.pass(nodes.a.config.queueGraceMs);
  await ann.join('team');
  await nodes.move(bob, nodes.a);
  await nodes.pass(6_000);
  expect(bob.party).toMatchObject({ ended: false, queue: 'team' });
  expect(ann.party?.members.map(({ online }) => online)).toEqual([true, true]);
  await nodes.move(bob, nodes.b);
  await nodes.pass(6_000);
  nodes.kill(nodes.b);
  await nodes.pass(nodes.a.config.queueGraceMs + 20_000);
  expect(ann.party).toMatchObject({ ended: false });
  expect(ann.party?.members.map(({ online }) => online)).toEqual([true, false]);
  expect(ann.party?.queue).toBeUndefined();
  expect(await nodes.a.store.read(queue.counts)).toEqual({});
  await expect(ann.join('team')).rejects.toMatchObject({ code: 'member_absent' });
});

test('the leader joins on one node while a member leaves on the other: both or none wait', async () => {
  const nodes = await twoNodes();
  for (let round = 0; round < 6; round++) {
    const [ann, bob] = [await nodes.player(nodes.a), await nodes.player(nodes.b)];
    nodes.clock.advance(10_000);
    await partyOf(ann, bob);
    await Promise.allSettled([ann.join('team'), round % 2 === 0 ? bob.leaveParty() : bob.leave()]);
    const entries = [await nodes.a.entry(ann), await nodes.a.entry(bob)];
    // Who is left alone before he joins waits alone.
    const isWhole = entries.every((one) => one === null) || entries.every((one) => one?.partyId);
    const isAlone = entries[0]?.partyId === null && entries[1] === null;
    expect({ round, isSound: isWhole || isAlone }).toEqual({ round, isSound: true });
    await nodes.idle();
  }
});
