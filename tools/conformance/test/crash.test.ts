import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { startPostgres, type PostgresCluster } from '../../jest/postgres-cluster.js';
import { MOMENTS, type Moment, type Moments } from './support/moments.js';
import { SeededRandom } from './support/seeded-random.js';
import { Storm, STORM_SETTINGS } from './support/storm.js';
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

const worlds: World[] = [];
let postgres: PostgresCluster | undefined;

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
afterAll(() => postgres?.stop());

async function databaseOf(kind: 'sqlite' | 'postgres'): Promise<string | undefined> {
  if (kind === 'sqlite') return undefined;
  postgres = await startPostgres({ durable: true });
  await postgres.createDatabase('crash');
  return postgres.url('crash');
}

describe('the master killed with SIGKILL between any two steps of a match’s life', () => {
  test.each([
    { kind: 'sqlite' as const, rounds: 16 },
    { kind: 'postgres' as const, rounds: 4 },
  ])(
    `$kind, $rounds lives, seed ${SEED}`,
    async ({ kind, rounds }) => {
      process.stderr.write(`crash schedule on ${kind}: RANKED_SEED=${SEED}\n`);
      const random = new SeededRandom(SEED);
      const databaseUrl = await databaseOf(kind);
      const world = await World.open({
        ...(databaseUrl !== undefined && { databaseUrl }),
        settings: STORM_SETTINGS,
      });
      worlds.push(world);
      await world.start();
      const storm = await Storm.gather(world, random, {
        ...{ name: 'player', port: 4000, players: 10, duelists: 4, leaves: 0.15 },
      });

      const deaths: string[] = [];
      storm.play();
      for (const plan of plans(rounds, random)) {
        deaths.push(await killAsPlanned(world, storm.moments, plan));
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
      await storm.results(5, `after the last death\n${story}`);
      // … everything that is under way is played to its end, and nobody may be stuck.
      let status: number | null | undefined;
      const faults = await storm.settle(async () => {
        status = await world.master.stop();
      });
      expect({ story, faults }).toEqual({ story, faults: [] });
      expect(status).toBe(0);

      if (process.env['RANKED_VERBOSE']) {
        const counts = JSON.stringify([...storm.moments.counts]);
        process.stderr.write(`${story}\n${storm.finished} results, ${counts}\n`);
      }
      expect(storm.finished).toBeGreaterThanOrEqual(5);
    },
    240_000,
  );
});
