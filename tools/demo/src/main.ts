import { audit, type ServerAccount } from './audit.js';
import { LiveTable, type Snapshot } from './live-table.js';
import type { LeaderboardRow } from './master-api.js';
import { parseOptions, USAGE, type DemoOptions } from './options.js';
import { rankCorrelation } from './rank-correlation.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedPlayer } from './simulated-player.js';
import { World } from './world.js';

const QUEUES = ['duel', 'squads'];
/** How long reports may take to arrive, beside the length of the last match. */
const FINISH_MS = 30_000;

function population(world: World, options: DemoOptions): SimulatedPlayer[] {
  const random = new SeededRandom(options.seed);
  return Array.from({ length: options.players }, (_, index) => {
    const strength = random.normal(25, 25 / 3);
    // Half of the people, but never an odd number, play duels; the others squads of two.
    const queue = QUEUES[index < Math.floor(options.players / 4) * 2 ? 0 : 1]!;
    return new SimulatedPlayer(
      world.api,
      `player-${index + 1}`,
      strength,
      queue,
      new SeededRandom(options.seed * 1000 + index),
    );
  });
}

/** Of every four who play squads, two come together. */
async function formParties(players: readonly SimulatedPlayer[]): Promise<void> {
  const squads = players.filter((player) => player.queue === 'squads');
  await Promise.all(
    squads.map((leader, i) => (i % 4 === 0 && squads[i + 1] ? leader.teamUp(squads[i + 1]!) : undefined)),
  );
}

function agreement(players: readonly SimulatedPlayer[]): Map<string, number> {
  return new Map(
    QUEUES.map((queue) => {
      const rated = players.filter((player) => player.queue === queue && player.mu !== undefined);
      return [
        queue,
        rankCorrelation(
          rated.map((p) => p.mu!),
          rated.map((p) => p.strength),
        ),
      ];
    }),
  );
}

function snapshot(world: World, players: readonly SimulatedPlayer[], deadline: number): Snapshot {
  const waits = players.flatMap((player) => player.waitsMs);
  const found = new Set(players.flatMap((player) => player.account.found));
  const ended = new Set(
    players.flatMap((player) => [...player.account.reported, ...player.account.cancelled]),
  );
  return {
    secondsLeft: Math.max(0, Math.ceil((deadline - Date.now()) / 1000)),
    playersOnline: players.filter((player) => player.state !== 'offline').length,
    players: players.length,
    inParties: players.filter((player) => player.inParty).length,
    queued: players.filter((player) => player.state === 'queued').length,
    serversOnline: world.servers.length,
    servers: world.servers.length,
    matchesRunning: [...found].filter((id) => !ended.has(id)).length,
    matchesFinished: ended.size,
    meanWaitMs: waits.length === 0 ? 0 : waits.reduce((sum, wait) => sum + wait, 0) / waits.length,
    agreement: agreement(players),
  };
}

function printLeaderboard(
  queue: string,
  rows: readonly LeaderboardRow[],
  players: readonly SimulatedPlayer[],
): void {
  const strengths = new Map(players.map((player) => [player.account.playerId, player.strength]));
  console.log(
    `\n  ${queue}: the ten best\n  rank  player         rating  tier      games   won  hidden strength`,
  );
  for (const row of rows.slice(0, 10)) {
    console.log(
      `  ${String(row.rank).padStart(4)}  ${row.displayName.padEnd(12)} ${row.rating.toFixed(0).padStart(8)}  ${(row.tier ?? '-').padEnd(8)} ${String(row.games).padStart(6)} ` +
        `${String(row.wins).padStart(5)}  ${(strengths.get(row.playerId) ?? 0).toFixed(1).padStart(15)}`,
    );
  }
}

/** Rejects when the promise has not settled in time: a demo that hangs has lost something. */
function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function play(world: World, options: DemoOptions): Promise<string[]> {
  console.log(
    `RankedServer demo: ${options.players} players, ${options.servers} game servers, ${options.seconds} s (seed ${options.seed})`,
  );
  console.log(`Keys, database and logs: ${world.directory}\n`);
  await world.startMaster();
  await world.startServers(options);
  const players = population(world, options);
  console.log('Signing the players in ...');
  await Promise.all(players.map((player, index) => player.signIn(`password of number ${index + 1}`)));
  await within(FINISH_MS, 'the invitations to parties', formParties(players));
  console.log(`${players.filter((player) => player.inParty).length} of them come as parties of two.\n`);
  const deadline = Date.now() + options.seconds * 1000;
  const table = new LiveTable(process.stdout);
  await Promise.all(players.map((player) => player.play()));
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      table.show(snapshot(world, players, deadline));
      if (Date.now() >= deadline) {
        clearInterval(timer);
        resolve();
      }
    }, 1000);
  });
  const losses: string[] = [];
  const note = (error: Error): void => void losses.push(error.message);
  const finishMs = FINISH_MS + 1500 * options.matchSeconds;
  await within(finishMs, 'the last matches', Promise.all(players.map((player) => player.finish()))).catch(
    note,
  );
  const servers: ServerAccount[] = await within(
    finishMs,
    'stopping the game servers',
    world.stopServers(),
  ).catch((error: Error) => {
    note(error);
    return [];
  });
  if (servers.length !== options.servers)
    losses.push(`only ${servers.length} of ${options.servers} game servers gave their account`);
  const boards = new Map<string, LeaderboardRow[]>();
  for (const queue of QUEUES) boards.set(queue, await world.api.leaderboard(queue));
  table.show(snapshot(world, players, deadline));
  for (const [queue, rows] of boards) printLeaderboard(queue, rows, players);
  losses.push(
    ...audit(
      servers,
      players.map((player) => player.account),
      boards,
    ),
  );
  await Promise.all(players.map((player) => player.signOut()));
  const status = await world.stopMaster();
  if (status !== 0) losses.push(`the master ended with exit status ${status}`);
  const results = servers.reduce((sum, server) => sum + server.resultsSent.length, 0);
  if (results === 0) losses.push('not one match was played');
  else
    console.log(
      `\n${results} matches played; ${losses.length === 0 ? 'every match, result and rating is accounted for.' : 'something was lost:'}`,
    );
  return losses;
}

async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  let fail: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (fail = reject));
  failure.catch(() => undefined);
  const world = await World.open(options, (why) => fail(new Error(why)));
  try {
    const losses = await Promise.race([play(world, options), failure]);
    for (const loss of losses) process.stderr.write(`  lost: ${loss}\n`);
    return losses.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(
      `\nThe demo failed: ${(error as Error).message}\nSee the logs in ${world.directory}.\n`,
    );
    return 1;
  } finally {
    await world.stopServers();
    await world.stopMaster();
  }
}

process.exit(await main());
