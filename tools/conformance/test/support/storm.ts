import { audit } from './books.js';
import { within } from './deadline.js';
import { GameHost } from './game-host.js';
import { Moments } from './moments.js';
import { RankedPlayer } from './ranked-player.js';
import type { SeededRandom } from './seeded-random.js';
import type { World } from './world.js';

/** Settings of a master in a storm: quick ticks, and no limits for the many connections of one address. */
export const STORM_SETTINGS = {
  RANKED_TICK_MS: '50',
  RANKED_HEARTBEAT_MS: '1000',
  RANKED_HANDSHAKES_PER_SECOND: '1000',
  RANKED_HANDSHAKE_BURST: '1000',
  RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS: '256',
} as const;

/** Three game servers and their players, who play one match after the other while masters die; then the books are audited. */
export class Storm {
  readonly moments = new Moments();
  readonly hosts: GameHost[] = [];
  readonly players: RankedPlayer[] = [];

  private constructor(private readonly world: World) {}

  /**
   * @param plan `name`: of the players, before their number; `port`: of the game servers, before theirs; `duelists`: how many of the
   *   players play duels, the others play squads; `leaves`: how likely a player leaves what he has joined
   */
  static async gather(
    world: World,
    random: SeededRandom,
    plan: { name: string; port: number; players: number; duelists: number; leaves: number },
  ): Promise<Storm> {
    const storm = new Storm(world);
    const { moments, hosts, players } = storm;
    for (const number of [1, 2, 3]) {
      const issued = await world.issue(`arena-${number}`);
      hosts.push(new GameHost({ world, issued, port: plan.port + number, capacity: 3, random, moments }));
    }
    await Promise.all(hosts.map((host) => host.client.connect()));
    for (let index = 0; index < plan.players; index += 1) {
      players.push(
        new RankedPlayer({
          world,
          name: `${plan.name}-${index}`,
          queue: index < plan.duelists ? 'duel' : 'squads',
          random,
          moments,
          doorAt: (port) => hosts.find((host) => host.port === port),
          leaves: plan.leaves,
        }),
      );
    }
    await Promise.all(players.map((player) => player.register().then(() => player.signIn())));
    return storm;
  }

  play(): void {
    for (const player of this.players) player.play(true);
  }

  /** Resolves when so many further results have been acknowledged. @param when for the error if they are not */
  results(count: number, when: string): Promise<void> {
    let left = count;
    return within(
      `${count} results ${when}`,
      new Promise((resolve) => {
        this.moments.listen((noted) => {
          if (noted === 'result acknowledged' && --left === 0) resolve();
        });
      }),
    );
  }

  /** Results that the game servers know to be acknowledged. */
  get finished(): number {
    return this.hosts.reduce((sum, host) => sum + host.results.size, 0);
  }

  /**
   * Plays to its end what is under way, hangs up, stops the masters and looks through the database.
   * @returns what is wrong, in sentences: who is stuck, what the audit and the parties have found
   */
  async settle(stop: () => Promise<unknown>): Promise<string[]> {
    const { players, hosts } = this;
    this.moments.listen(undefined);
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
    await stop();
    return [
      ...stuck,
      ...(await this.world.withStore((store) => audit(store, hosts, books))),
      ...hosts.flatMap((host) => host.faults),
      ...players.flatMap((player) => player.faults),
    ];
  }
}
