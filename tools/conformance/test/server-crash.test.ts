import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { matches, queue } from '@ranked/store';
import { audit } from './support/books.js';
import { within } from './support/deadline.js';
import { GameServerProcess } from './support/game-server-process.js';
import { Moments } from './support/moments.js';
import { RankedPlayer } from './support/ranked-player.js';
import { SeededRandom } from './support/seeded-random.js';
import { World } from './support/world.js';

let world: World;
let server: GameServerProcess;
let players: RankedPlayer[];

beforeAll(async () => {
  world = await World.open({
    settings: { RANKED_TICK_MS: '50', RANKED_HEARTBEAT_MS: '500', RANKED_SERVER_GRACE_MS: '6000' },
  });
  await world.start();
  server = new GameServerProcess(world, await world.issue('mortal'));
  await server.start();
  players = ['anna', 'bert'].map((name) => {
    const random = new SeededRandom(1);
    return new RankedPlayer({
      world,
      name,
      queue: 'duel',
      random,
      moments: new Moments(),
      doorAt: () => server,
    });
  });
  for (const player of players) {
    await player.register();
    await player.signIn();
  }
}, 120_000);

afterAll(async () => {
  await server.kill();
  await world.close();
});

/** Both play until their match runs. @returns its id */
async function begin(): Promise<string> {
  const started = server.until('the match to start', (said) => said.started !== undefined);
  for (const player of players) player.play();
  await started;
  return players[0]?.match ?? '';
}

/** Resolves to what both players were told. Call it before what leads to it. */
function reported(matchId: string): Promise<string[]> {
  return Promise.all(
    players.map(async (player) => {
      const report = await within(
        `the report of ${matchId} to ${player.name}`,
        new Promise<string>((resolve) => {
          player.on('report', (one) => one.matchId === matchId && resolve(one.outcome));
        }),
      );
      player.removeAllListeners('report');
      return report;
    }),
  );
}

async function stateOf(matchId: string): Promise<string | undefined> {
  return world.withStore((store) => store.read(async (tx) => (await matches.byId(tx, matchId))?.state));
}

const acknowledged = (matchId: string) => (said: { acknowledged?: string }) => said.acknowledged === matchId;

/** Killed at some point of a match, it comes back with its journal, and the match is played to its end. */
test.each<[string, (matchId: string) => Promise<void>]>([
  [
    'while the match runs',
    async (matchId) => {
      await server.kill();
      await server.start();
      server.finish(matchId);
    },
  ],
  [
    'when the result has just been sent',
    async (matchId) => {
      const sent = server.until('the result to be sent', (said) => said.sent !== undefined);
      server.finish(matchId);
      await sent;
      await server.kill();
      await server.start();
    },
  ],
  [
    'when the result had to wait, since there was no master',
    async (matchId) => {
      await world.master.kill();
      const sent = server.until('the result to be kept', (said) => said.sent !== undefined);
      server.finish(matchId);
      await sent;
      await server.kill();
      await Promise.all([world.start(), server.start()]);
    },
  ],
  [
    'together with the master, while the match runs',
    async (matchId) => {
      await Promise.all([world.master.kill(), server.kill()]);
      await Promise.all([world.start(), server.start()]);
      server.finish(matchId);
    },
  ],
])(
  'a game server killed %s goes on with what it had kept',
  async (_when, strike) => {
    const matchId = await begin();
    const told = reported(matchId);
    const answered = server.until('the Ack of the result', acknowledged(matchId));
    await strike(matchId);
    await answered;
    expect((await told).sort()).toEqual(['loss', 'win']);
    expect(await stateOf(matchId)).toBe('finished');
  },
  90_000,
);

test('a game server that lost its memory with its life lost the match: void, unrated, and the players are free', async () => {
  const matchId = await begin();
  const told = reported(matchId);
  await server.kill();
  await server.start(true);
  expect(await told).toEqual(['void', 'void']);
  expect(await stateOf(matchId)).toBe('abandoned');
  const next = await begin();
  const toldNext = reported(next);
  server.finish(next);
  expect((await toldNext).sort()).toEqual(['loss', 'win']);
}, 90_000);

/** What the players were told. */
function told() {
  return players.map((player) => ({
    name: player.name,
    accountId: player.login.player.id,
    reports: new Map([...player.reports].map(([id, report]) => [id, report.rating?.mu])),
  }));
}

test('after all of that nothing is lost, nothing doubled, and every result is rated once', async () => {
  await Promise.all(players.map((player) => within(`${player.name} to rest`, player.rest())));
  await Promise.all(players.map(({ client }) => client.close()));
  expect(await world.master.stop()).toBe(0);
  const faults = await world.withStore((store) => audit(store, [server], told()));
  expect([...faults, ...players.flatMap((player) => player.faults)]).toEqual([]);
  expect(server.results.size).toBe(5);
}, 60_000);

/** One after the other, each in addition to those before. */
test('the audit itself finds what is wrong, were it ever so little', async () => {
  const oldest = `(SELECT id FROM game_match WHERE state = 'finished' ORDER BY created_at LIMIT 1)`;
  const account = '(SELECT account_id FROM rating ORDER BY account_id LIMIT 1)';
  const spoilt: [string, RegExp][] = [
    [`UPDATE rating SET games = games + 1 WHERE account_id = ${account}`, /games is 6, his matches make 5/],
    [`UPDATE rating SET mu = mu + 1e-14 WHERE account_id = ${account}`, /mu is [\d.]+, his matches make/],
    [`UPDATE match_player SET mu_after = mu_after + 1e-14 WHERE match_id = ${oldest}`, /rated again/],
    [`UPDATE match_player SET sigma_before = 8 WHERE match_id = ${oldest}`, /came in with another rating/],
    [`UPDATE game_match SET ended_at = ended_at + 3600000 WHERE id = ${oldest}`, /at once/],
    [
      `UPDATE game_match SET state = 'running', ended_at = NULL WHERE state = 'abandoned'`,
      /is running though everybody has gone home/,
    ],
    [
      `UPDATE game_match SET result = replace(result, '"durationMs":10', '"durationMs":11') WHERE id = ${oldest}`,
      /acknowledged and is not there/,
    ],
    [`DELETE FROM rating WHERE account_id = ${account}`, /has played and has no rating/],
  ];
  await world.withStore(async (store) => {
    for (const [statement, sentence] of spoilt) {
      expect((await audit(store, [server], told())).join('\n')).not.toMatch(sentence);
      await store.write('spoil', (tx) => tx.run(statement));
      expect((await audit(store, [server], told())).join('\n')).toMatch(sentence);
    }
    const accountId = players[0]?.login.player.id ?? '';
    await store.write('spoil', (tx) => queue.join(tx, { accountId, queue: 'duel' }));
    expect((await audit(store, [server], told())).join('\n')).toMatch(/still has a queue entry/);
    const deaf = told().map((player) => ({ ...player, reports: new Map<string, number>() }));
    expect((await audit(store, [server], deaf)).join('\n')).toMatch(/anna never got the report/);
    const twin = { serverId: 'other', started: server.started, results: new Map() };
    expect((await audit(store, [server, twin], told())).join('\n')).toMatch(/was played on two servers/);
  });
}, 60_000);
