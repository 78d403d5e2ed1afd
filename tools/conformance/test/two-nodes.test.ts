import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Balancer } from './support/balancer.js';
import { audit } from './support/books.js';
import { within } from './support/deadline.js';
import { GameHost } from './support/game-host.js';
import type { MasterProcess } from './support/master-process.js';
import { MOMENTS, Moments } from './support/moments.js';
import { freePorts } from './support/ports.js';
import { startPostgres, type Postgres } from './support/postgres.js';
import { RankedPlayer } from './support/ranked-player.js';
import { SeededRandom } from './support/seeded-random.js';
import { World } from './support/world.js';

const SEED = Number(process.env['RANKED_SEED'] ?? Math.floor(Math.random() * 1_000_000));
/** Nodes killed, one after the other. */
const DEATHS = 2;
/** Results that must be acknowledged by the node that is left before the other one comes back, and by both afterwards. */
const RESULTS_ALONE = 5;
const RESULTS_TOGETHER = 3;

let postgres: Postgres;
let world: World;
const balancers: Balancer[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
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
    settings: {
      RANKED_TICK_MS: '50',
      RANKED_HEARTBEAT_MS: '1000',
      RANKED_DATABASE_POOL: '6',
      RANKED_HANDSHAKES_PER_SECOND: '1000',
      RANKED_HANDSHAKE_BURST: '1000',
      RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS: '256',
    },
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

/** Resolves when so many further results have been acknowledged. */
function played(what: string, moments: Moments, results: number): Promise<void> {
  let left = results;
  return within(
    `${results} results ${what}`,
    new Promise((resolve) => {
      moments.listen((noted) => {
        if (noted === 'result acknowledged' && --left === 0) resolve();
      });
    }),
  );
}

test(`of two masters one is killed with SIGKILL in the middle of matches, again and again, seed ${SEED}`, async () => {
  process.stderr.write(`two nodes: RANKED_SEED=${SEED}\n`);
  const random = new SeededRandom(SEED);
  const moments = new Moments();
  const launch = await openCluster();
  const nodes = launch.map((start) => start());
  await Promise.all(nodes.map((node) => node.ready()));

  const hosts: GameHost[] = [];
  for (const number of [1, 2, 3]) {
    const issued = await world.issue(`arena-${number}`);
    hosts.push(new GameHost({ world, issued, port: 4200 + number, capacity: 3, random, moments }));
  }
  await Promise.all(hosts.map((host) => host.client.connect()));
  const players = Array.from({ length: 12 }, (_, index) => {
    return new RankedPlayer({
      world,
      name: `node-player-${index}`,
      queue: index < 8 ? 'duel' : 'squads',
      random,
      moments,
      doorAt: (port) => hosts.find((host) => host.port === port),
      leaves: 0.1,
    });
  });
  await Promise.all(players.map((player) => player.register().then(() => player.signIn())));

  const deaths: string[] = [];
  for (const player of players) player.play(true);
  await played('of both nodes', moments, RESULTS_TOGETHER);
  for (let death = 0; death < DEATHS; death += 1) {
    const which = death % 2;
    const moment = random.shuffled(
      MOMENTS.filter((one) => !one.startsWith('cancel') && !one.startsWith('leave')),
    )[0];
    await within(
      `${moment} before death ${death}`,
      new Promise<void>((resolve) => {
        moments.listen((noted) => {
          if (noted !== moment) return;
          // In this very turn: whatever the moment would have led to has not been written yet.
          void nodes[which]?.kill();
          resolve();
        });
      }),
    );
    deaths.push(`node ${which + 1} at "${moment}"`);
    await nodes[which]?.kill();
    await played(`with node ${which + 1} dead (${deaths.join(', ')})`, moments, RESULTS_ALONE);
    const next = launch[which]?.();
    if (next) nodes[which] = next;
    await next?.ready();
    await played('with both again', moments, RESULTS_TOGETHER);
  }
  moments.listen(undefined);
  const story = `seed ${SEED}; deaths: ${deaths.join(', ')}`;

  const resting = players.map((player) =>
    within(`${player.name}, ${player.state} in ${player.match}, to come to rest`, player.rest()).then(
      () => undefined,
      (error: Error) => error.message,
    ),
  );
  const stuck = (await Promise.all(resting)).filter((message) => message !== undefined);
  const books = players.map((player) => ({
    name: player.name,
    accountId: player.login.player.id,
    reports: new Map([...player.reports].map(([id, report]) => [id, report.rating?.mu])),
  }));
  await Promise.all([...players, ...hosts].map(({ client }) => client.close()));
  const statuses = await Promise.all(nodes.map((node) => node.stop()));
  const faults = [
    ...stuck,
    ...(await world.withStore((store) => audit(store, hosts, books))),
    ...hosts.flatMap((host) => host.faults),
    ...players.flatMap((player) => player.faults),
  ];
  expect({ story, faults }).toEqual({ story, faults: [] });
  expect(statuses).toEqual([0, 0]);
  const finished = hosts.reduce((sum, host) => sum + host.results.size, 0);
  expect(finished).toBeGreaterThanOrEqual(DEATHS * (RESULTS_ALONE + RESULTS_TOGETHER));
}, 240_000);
