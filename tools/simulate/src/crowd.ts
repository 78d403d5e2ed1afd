import type { Entry } from '@ranked/matchmaker';
import type { SimulatedPlayer } from './population.js';
import { RandomStream } from './random-stream.js';
import { activity, HIGHEST_ACTIVITY } from './regions.js';
import type { Scenario } from './scenario.js';

/** How many are looked at before a session is given up because everybody is busy. */
const MOST_ASKED = 200;
const HOUR_MS = 3_600_000;

/** People who play together for an evening. */
export interface Session {
  /** Who is still in it. */
  players: SimulatedPlayer[];
}

/** When people sit down to play, and who: a Poisson process that follows the time of day of every region. */
export class Crowd {
  readonly #times: RandomStream;
  readonly #byRegion: SimulatedPlayer[][];
  #sessions = 0;

  /** `largest`: players of a party at most. */
  constructor(
    private readonly scenario: Scenario,
    people: readonly SimulatedPlayer[],
    private readonly largest: number,
  ) {
    this.#times = new RandomStream(scenario.seed, 'arrivals');
    this.#byRegion = Array.from({ length: scenario.regions }, (_, region) =>
      people.filter((player) => player.region === region),
    );
  }

  /** The next moment after `now` (milliseconds) at which somebody may sit down, in whichever region. */
  nextArrival(now: number): { readonly at: number; readonly region: number } {
    const { sessions, regions, startHour } = this.scenario;
    const mean = HOUR_MS / (sessions * HIGHEST_ACTIVITY);
    // Thinning: arrivals of the busiest hour all day, of which quieter hours keep fewer.
    for (let at = now; ;) {
      at += this.#times.exponential(mean);
      const region = this.#times.below(regions);
      const hour = startHour + at / HOUR_MS;
      if (this.#times.next() * HIGHEST_ACTIVITY < activity(region, hour)) return { at, region };
    }
  }

  /** Who sits down: a party or one, none of them busy; undefined where the whole region is. Makes them busy. */
  sitDown(region: number): Session | undefined {
    const random = new RandomStream(this.scenario.seed, `session ${this.#sessions++}`);
    const people = this.#byRegion[region] ?? [];
    if (people.length === 0) return undefined;
    const isParty = this.largest > 1 && random.next() < this.scenario.parties;
    const wanted = isParty ? 2 + random.below(this.largest - 1) : 1;
    const players: SimulatedPlayer[] = [];
    for (let asked = 0; asked < MOST_ASKED && players.length < wanted; asked++) {
      const player = people[random.below(people.length)]!;
      if (player.busy) continue;
      player.busy = true;
      players.push(player);
    }
    return players.length === 0 ? undefined : { players };
  }
}

/** The players of a session as the matchmaker sees them. */
export function entryOf(session: Session, id: string, joinedAt: number): Entry {
  return {
    id,
    joinedAt,
    players: session.players.map(({ id: playerId, rating, latencies, lastOpponents }) => ({
      id: playerId,
      rating,
      latencies,
      lastOpponents,
    })),
  };
}
