import { gameServers, ratings, type GameServer, type StoreTarget } from '@ranked/store';
import type { MasterConfig } from '../../src/config/master-config.js';
import type { TickSummary } from '../../src/matchmaking/ticker.js';
import type { FakePlayer } from './fake-player.js';
import type { FakeServer } from './fake-server.js';
import type { GameRig } from './game-rig.js';
import { startRig } from './game-rigs.js';

/** Two masters over one PostgreSQL database, with one clock. `stopRigs` stops them. */
export class TwoNodes {
  private readonly alive: Set<GameRig>;

  private constructor(
    readonly a: GameRig,
    readonly b: GameRig,
  ) {
    this.alive = new Set([a, b]);
  }

  /** @param readySeconds of the queues' ready check; none unless given */
  static async start(
    target: StoreTarget,
    config: Partial<MasterConfig> = {},
    readySeconds?: number,
  ): Promise<TwoNodes> {
    const a = await startRig({ target, readySeconds, config: { ...config, nodeId: 'node-a' } });
    const b = await startRig({ beside: a, readySeconds, config: { ...config, nodeId: 'node-b' } });
    return new TwoNodes(a, b);
  }

  get clock(): GameRig['clock'] {
    return this.a.clock;
  }

  /** A player who connects to `node`. */
  async player(node: GameRig): Promise<FakePlayer> {
    const [player] = await node.connectedPlayers(1);
    if (!player) throw new Error('a player was asked for');
    return player;
  }

  /** Goes to another node. The old one hears of it, unless the connection is left hanging there. */
  async move(peer: FakePlayer | FakeServer, to: GameRig, { hanging = false } = {}): Promise<void> {
    if (!hanging) peer.disconnect();
    peer.rig = to;
    peer.connect();
    await this.idle();
  }

  /** A node dies, with all its connections. */
  kill(node: GameRig): void {
    node.die();
    this.alive.delete(node);
  }

  /** Time passes, then each node ticks, in this order unless another is given. */
  async tick(
    ms = this.a.config.tickMs,
    order: readonly GameRig[] = [this.a, this.b],
  ): Promise<TickSummary[]> {
    this.clock.advance(ms);
    this.a.heartbeats();
    const summaries: TickSummary[] = [];
    for (const node of order) {
      if (!this.alive.has(node)) continue;
      await node.ticker.watchOnce();
      summaries.push(await node.ticker.tickOnce());
      await this.idle();
    }
    return summaries;
  }

  /** That much time, in ticks that are at most a heartbeat apart. */
  async pass(ms: number): Promise<void> {
    const step = Math.min(this.a.config.heartbeatMs, Math.max(this.a.config.tickMs, Math.ceil(ms / 20)));
    for (let left = ms; left > 0; left -= step) await this.tick(Math.min(left, step));
  }

  /** Everything that was set off on either node ends. */
  async idle(): Promise<void> {
    for (const node of this.alive) await node.idle();
  }
}

/** Presence of a game server as the database has it. */
export const rowOf = (nodes: TwoNodes, server: FakeServer): Promise<GameServer | null> =>
  nodes.a.store.read((tx) => gameServers.byId(tx, server.id));

/** A duel of `ann` and `bob` that both were told of. */
export async function readyDuel(nodes: TwoNodes, ann: FakePlayer, bob: FakePlayer) {
  await ann.join();
  await bob.join();
  const untold = (): boolean =>
    ann.found.length === 0 || ann.found.at(-1)?.matchId !== bob.found.at(-1)?.matchId || isOver(ann);
  for (let i = 0; i < 4 && untold(); i++) await nodes.tick();
  const match = await nodes.a.liveMatch(ann);
  if (match?.state !== 'ready') throw new Error(`the match is ${match?.state ?? 'not there'}`);
  return { match, server: nodes.a.serverOf(match) };
}

function isOver({ found, reports, cancelled }: FakePlayer): boolean {
  return [...reports, ...cancelled].some(({ matchId }) => matchId === found.at(-1)?.matchId);
}

/** How many games of a player were rated. */
export async function gamesOf(nodes: TwoNodes, player: FakePlayer): Promise<number | undefined> {
  const rows = await nodes.a.store.read((tx) => ratings.ofAccount(tx, player.accountId));
  return rows[0]?.games;
}

/** Waits for something that happens within a few turns of the event loop, or as soon as the database has answered. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
