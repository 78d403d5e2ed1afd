import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPostgres, type PostgresCluster } from '../../jest/postgres-cluster.js';
import { Balancer } from './support/balancer.js';
import { within } from './support/deadline.js';
import type { MasterProcess } from './support/master-process.js';
import { MOMENTS } from './support/moments.js';
import { freePorts } from './support/ports.js';
import { SeededRandom } from './support/seeded-random.js';
import { Storm, STORM_SETTINGS } from './support/storm.js';
import { World } from './support/world.js';

const SEED = Number(process.env['RANKED_SEED'] ?? Math.floor(Math.random() * 1_000_000));
/** Nodes killed, one after the other. */
const DEATHS = 2;
/** Results that must be acknowledged by the node that is left before the other one comes back, and by both afterwards. */
const RESULTS_ALONE = 5;
const RESULTS_TOGETHER = 3;

let postgres: PostgresCluster;
let world: World;
const balancers: Balancer[] = [];

beforeAll(async () => {
  postgres = await startPostgres({ durable: true });
  await postgres.createDatabase('nodes');
}, 60_000);

afterAll(async () => {
  await world.close();
  await Promise.all(balancers.map((balancer) => balancer.close()));
  await postgres.stop();
});

/** Two masters on one database, and a balancer in front of each of their three doors. */
async function openCluster(): Promise<readonly (() => MasterProcess)[]> {
  world = await World.open({
    databaseUrl: postgres.url('nodes'),
    settings: { ...STORM_SETTINGS, RANKED_DATABASE_POOL: '6' },
  });
  const ports = await freePorts(6);
  const { http, s2s, rdv } = world.ports;
  for (const [door, front] of [http, s2s, rdv].entries()) {
    balancers.push(await Balancer.open(front, [ports[door] ?? 0, ports[door + 3] ?? 0]));
  }
  return [0, 1].map(
    (node) => () =>
      world.launch({
        RANKED_NODE_ID: `node-${node + 1}`,
        RANKED_HTTP_PORT: String(ports[3 * node]),
        RANKED_S2S_PORT: String(ports[3 * node + 1]),
        RANKED_RDV_PORT: String(ports[3 * node + 2]),
        RANKED_RDV_PUBLIC_HOST: '127.0.0.1',
        RANKED_RDV_PUBLIC_PORT: String(rdv),
      }),
  );
}

test(`of two masters one is killed with SIGKILL in the middle of matches, again and again, seed ${SEED}`, async () => {
  process.stderr.write(`two nodes: RANKED_SEED=${SEED}\n`);
  const random = new SeededRandom(SEED);
  const launch = await openCluster();
  const nodes = launch.map((start) => start());
  await Promise.all(nodes.map((node) => node.ready()));

  const storm = await Storm.gather(world, random, {
    ...{ name: 'node-player', port: 4200, players: 12, duelists: 8, leaves: 0.1 },
  });

  const deaths: string[] = [];
  storm.play();
  await storm.results(RESULTS_TOGETHER, 'of both nodes');
  for (let death = 0; death < DEATHS; death += 1) {
    const which = death % 2;
    const moment = random.shuffled(
      MOMENTS.filter((one) => !one.startsWith('cancel') && !one.startsWith('leave')),
    )[0];
    await within(
      `${moment} before death ${death}`,
      new Promise<void>((resolve) => {
        storm.moments.listen((noted) => {
          if (noted !== moment) return;
          // In this very turn: whatever the moment would have led to has not been written yet.
          void nodes[which]?.kill();
          resolve();
        });
      }),
    );
    deaths.push(`node ${which + 1} at "${moment}"`);
    await nodes[which]?.kill();
    await storm.results(RESULTS_ALONE, `with node ${which + 1} dead (${deaths.join(', ')})`);
    const next = launch[which]?.();
    if (next) nodes[which] = next;
    await next?.ready();
    await storm.results(RESULTS_TOGETHER, 'with both again');
  }
  const story = `seed ${SEED}; deaths: ${deaths.join(', ')}`;

  let statuses: (number | null)[] = [];
  const faults = await storm.settle(async () => {
    statuses = await Promise.all(nodes.map((node) => node.stop()));
  });
  expect({ story, faults }).toEqual({ story, faults: [] });
  expect(statuses).toEqual([0, 0]);
  expect(storm.finished).toBeGreaterThanOrEqual(DEATHS * (RESULTS_ALONE + RESULTS_TOGETHER));
}, 240_000);
