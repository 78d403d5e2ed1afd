import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { audit } from './support/books.js';
import { within } from './support/deadline.js';
import { GameHost } from './support/game-host.js';
import { MOMENTS, Moments, type Moment } from './support/moments.js';
import { startPostgres, type Postgres } from './support/postgres.js';
import { RankedPlayer } from './support/ranked-player.js';
import { SeededRandom } from './support/seeded-random.js';
import { World } from './support/world.js';

const SEED = Number(process.env['RANKED_SEED'] ?? Math.floor(Math.random() * 1_000_000));

/** When to kill: in the turn of the n-th such moment from now, or a little later. */
interface Plan {
  readonly moment: Moment;
  readonly nth: number;
  readonly delayMs: number;
  /** The next life ends as well, so long after its launch; undefined for most. */
  readonly againAfterMs: number | undefined;
}

/** A moment that does not come is not waited for longer than this: the master dies where it is. */
const LONGEST_WAIT_MS = 3_000;

/** Every moment of a match's life, in an order that the seed decides, as often as it takes. */
function plans(rounds: number, random: SeededRandom): Plan[] {
  const moments = Array.from({ length: Math.ceil(rounds / MOMENTS.length) }, () =>
    random.shuffled(MOMENTS),
  ).flat();
  return moments.slice(0, rounds).map((moment) => ({
    moment,
    nth: random.between(1, 3),
    delayMs: random.chance(0.6) ? 0 : random.between(0, 40),
    againAfterMs: random.chance(0.15) ? random.between(50, 1500) : undefined,
  }));
}

/** Kills the master as planned. Resolves to what happened when the process is gone. */
async function killAsPlanned(
  world: World,
  moments: Moments,
  { moment, nth, delayMs }: Plan,
): Promise<string> {
  let left = nth;
  let late: NodeJS.Timeout | undefined;
  const { master } = world;
  const came = new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), LONGEST_WAIT_MS);
    moments.listen((noted) => {
      if (noted !== moment || --left > 0) return;
      // In this very turn: whatever the moment would have led to has not been written yet.
      if (delayMs === 0) void master.kill();
      setTimeout(() => resolve(true), delayMs);
    });
  });
  const planned = await came;
  clearTimeout(late);
  moments.listen(undefined);
  await master.kill();
  return `${planned ? moment : `nothing (no "${moment}")`} #${nth} +${delayMs} ms`;
}

/** Resolves when so many further results have been acknowledged. */
function played(moments: Moments, results: number): Promise<void> {
  let left = results;
  return new Promise((resolve) => {
    moments.listen((noted) => {
      if (noted === 'result acknowledged' && --left === 0) resolve();
    });
  });
}

const worlds: World[] = [];
let postgres: Postgres | undefined;

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
afterAll(() => postgres?.stop());

async function databaseOf(kind: 'sqlite' | 'postgres'): Promise<string | undefined> {
  if (kind === 'sqlite') return undefined;
  postgres = await startPostgres();
  await postgres.createDatabase('crash');
  return postgres.url('crash');
}

describe('the master killed with SIGKILL between any two steps of a match’s life', () => {
  test.each([
    { kind: 'sqlite' as const, rounds: 14 },
    { kind: 'postgres' as const, rounds: 4 },
  ])(
    `$kind, $rounds lives, seed ${SEED}`,
    async ({ kind, rounds }) => {
      process.stderr.write(`crash schedule on ${kind}: RANKED_SEED=${SEED}\n`);
      const random = new SeededRandom(SEED);
      const moments = new Moments();
      const databaseUrl = await databaseOf(kind);
      const world = await World.open({
        ...(databaseUrl !== undefined && { databaseUrl }),
        settings: {
          RANKED_TICK_MS: '50',
          RANKED_HEARTBEAT_MS: '1000',
          RANKED_HANDSHAKES_PER_SECOND: '1000',
          RANKED_HANDSHAKE_BURST: '1000',
          RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS: '256',
        },
      });
      worlds.push(world);
      await world.start();

      const hosts: GameHost[] = [];
      for (const number of [1, 2, 3]) {
        const issued = await world.issue(`arena-${number}`);
        hosts.push(new GameHost({ world, issued, port: 4000 + number, capacity: 3, random, moments }));
      }
      await Promise.all(hosts.map((host) => host.client.connect()));
      const players = Array.from({ length: 10 }, (_, index) => {
        return new RankedPlayer({
          world,
          name: `player-${index}`,
          queue: index < 4 ? 'duel' : 'squads',
          random,
          moments,
          doorAt: (port) => hosts.find((host) => host.port === port),
          leaves: 0.15,
        });
      });
      await Promise.all(players.map((player) => player.register().then(() => player.signIn())));

      const deaths: string[] = [];
      for (const player of players) player.play(true);
      for (const plan of plans(rounds, random)) {
        deaths.push(await killAsPlanned(world, moments, plan));
        if (plan.againAfterMs !== undefined) {
          const short = world.launch();
          await new Promise((resolve) => setTimeout(resolve, plan.againAfterMs));
          await short.kill();
          deaths.push(`${plan.againAfterMs} ms after its launch`);
        }
        await world.start();
      }
      const story = `seed ${SEED} on ${kind}; deaths:\n  ${deaths.join('\n  ')}`;

      // Peace. The service goes on as before …
      await within(`matches after the last death\n${story}`, played(moments, 5));
      // … everything that is under way is played to its end, and nobody may be stuck.
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
      const status = await world.master.stop();
      const faults = [
        ...stuck,
        ...(await world.withStore((store) => audit(store, hosts, books))),
        ...hosts.flatMap((host) => host.faults),
        ...players.flatMap((player) => player.faults),
      ];
      expect({ story, faults }).toEqual({ story, faults: [] });
      expect(status).toBe(0);

      const finished = hosts.reduce((sum, host) => sum + host.results.size, 0);
      if (process.env['RANKED_VERBOSE']) {
        process.stderr.write(`${story}\n${finished} results, ${JSON.stringify([...moments.counts])}\n`);
      }
      expect(finished).toBeGreaterThanOrEqual(5);
    },
    240_000,
  );
});
