import { expect } from '@jest/globals';
import type { CmdAllowPlayers, MatchFound } from '@ranked/protocol';
import { within } from './deadline.js';
import { GameHost } from './game-host.js';
import { Moments } from './moments.js';
import { RankedPlayer, type Door } from './ranked-player.js';
import { SeededRandom } from './seeded-random.js';
import { World } from './world.js';

/** `contested` is served by the honest server and by whoever says so; `trap` by hostile servers alone. */
const QUEUES = `queues:
  - { name: duel, teams: 2, size: 1, window: { initial: 5000, perSecond: 100, max: 9000 } }
  - { name: contested, teams: 2, size: 1, window: { initial: 5000, perSecond: 100, max: 9000 } }
  - { name: trap, teams: 2, size: 1, window: { initial: 5000, perSecond: 100, max: 9000 } }
`;

/** What no attack may add to the master's memory, MiB. Generous: a heap that has not been collected is no leak. */
const GROWTH_MIB = 200;

/** A master with one honest game server and honest players, who must not notice what the others do. */
export class Siege {
  readonly random = new SeededRandom(7);
  readonly moments = new Moments();
  host!: GameHost;
  duellists!: readonly RankedPlayer[];
  #rssMiB = 0;
  #players = 0;

  private constructor(readonly world: World) {}

  static async lay(settings: Readonly<Record<string, string>> = {}): Promise<Siege> {
    const world = await World.open({
      queues: QUEUES,
      settings: {
        RANKED_TICK_MS: '50',
        RANKED_HEARTBEAT_MS: '2000',
        RANKED_ALLOW_ACK_TIMEOUT_MS: '1000',
        // A busy machine may handle no more than the shipped 200 a second, and no flood would ever be one.
        RANKED_MESSAGES_PER_SECOND: '20',
        ...settings,
      },
    });
    const siege = new Siege(world);
    await world.start();
    siege.host = new GameHost({
      world,
      issued: await world.issue('honest'),
      port: 5000,
      capacity: 20,
      random: siege.random,
      moments: siege.moments,
      queues: ['duel', 'contested'],
    });
    await siege.host.client.connect();
    siege.duellists = await siege.pair('duel');
    await siege.stillServes();
    siege.#rssMiB = world.master.rssMiB();
    return siege;
  }

  /** Two players of a queue, connected. They go to the honest server unless another is named. */
  async pair(queue: string, doors: Readonly<Record<number, Door>> = {}): Promise<RankedPlayer[]> {
    const { world, random, moments } = this;
    const pair = [1, 2].map(() => {
      const doorAt = (port: number): Door | undefined =>
        doors[port] ?? (port === this.host.port ? this.host : undefined);
      this.#players += 1;
      return new RankedPlayer({ world, name: `${queue}-${this.#players}`, queue, random, moments, doorAt });
    });
    for (const player of pair) {
      await player.register();
      await player.signIn();
    }
    return pair;
  }

  /** The honest play a match from the queue to the report, and the master has not grown out of bounds. */
  async stillServes(): Promise<void> {
    const reports = this.duellists.map((player) => nextReport(player));
    for (const player of this.duellists) player.play();
    await Promise.all(reports);
    expect([...this.host.faults, ...this.duellists.flatMap((player) => player.faults)]).toEqual([]);
    expect(this.world.master.alive).toBe(true);
    if (this.#rssMiB > 0) expect(this.world.master.rssMiB() - this.#rssMiB).toBeLessThan(GROWTH_MIB);
  }

  lift(): Promise<void> {
    return this.world.close();
  }
}

/** The next match that this player is sent to. */
export function nextFound(player: RankedPlayer): Promise<MatchFound> {
  return within(`a match for ${player.name}`, new Promise((resolve) => player.once('found', resolve)));
}

/** Resolves when the next report has come. */
export function nextReport(player: RankedPlayer): Promise<{ matchId: string; outcome: string }> {
  return within(`a report for ${player.name}`, new Promise((resolve) => player.once('report', resolve)));
}

/** A result that the master takes, of the match that this command set up: the first team wins. */
export function resultOf({ matchId, teams }: CmdAllowPlayers) {
  return {
    matchId,
    durationMs: 10,
    teams: teams.map((_, team) => ({ rank: team })),
    players: teams.flat().map(({ id }) => ({ id })),
  };
}

/** A heartbeat of a server that serves `trap`; anything may be said otherwise. */
export function heartbeat(said: object = {}) {
  return {
    name: 'mallory',
    port: 6000,
    region: 'local',
    build: '1',
    capacity: 5,
    players: 0,
    accepting: true,
    matches: [],
    queues: ['trap'],
    ...said,
  };
}
