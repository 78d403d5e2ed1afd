import type { Entry } from '@ranked/matchmaker';
import { Crowd, entryOf, type Session } from './crowd.js';
import { EventQueue } from './event-queue.js';
import { favouritesChance, playMatch } from './match-play.js';
import type { Policy, ProposedMatch } from './policy.js';
import { createPopulation, type SimulatedPlayer } from './population.js';
import { waitLimit, type SimulatedQueue } from './queues-file.js';
import { RandomStream } from './random-stream.js';
import { RunRecord } from './run-record.js';
import { WARM_UP, type Scenario } from './scenario.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** How likely a session goes on after a match, and how long the rest between two is on the mean. */
const ANOTHER_MATCH = 0.75;
const REST_MS = 30_000;
/** How much lengths of matches and patience vary: deviations of their logarithms. */
const LENGTH_SPREAD = 0.3;
const PATIENCE_SPREAD = 0.6;

interface Waiting {
  readonly entry: Entry;
  readonly session: Session;
}

interface RunningMatch {
  readonly number: number;
  readonly teams: readonly (readonly SimulatedPlayer[])[];
  readonly playFraction: readonly (readonly number[])[];
  readonly sessions: readonly Session[];
}

type Event =
  | { readonly kind: 'arrival'; readonly region: number }
  | { readonly kind: 'join'; readonly session: Session }
  | { readonly kind: 'give-up'; readonly waiting: Waiting }
  | { readonly kind: 'tick' }
  | { readonly kind: 'end'; readonly match: RunningMatch };

/** One policy on virtual time. Nothing but the arguments decides what happens. */
export class Simulation {
  private readonly events = new EventQueue<Event>();
  private readonly people: SimulatedPlayer[];
  private readonly byId: ReadonlyMap<string, SimulatedPlayer>;
  private readonly crowd: Crowd;
  /** By entry id, longest waiting first. */
  private readonly waiting = new Map<string, Waiting>();
  private readonly record: RunRecord;
  private readonly end: number;
  private joins = 0;
  private matches = 0;
  private playersWaiting = 0;
  private tickScheduled = false;

  constructor(
    private readonly scenario: Scenario,
    private readonly queue: SimulatedQueue,
    private readonly policy: Policy,
  ) {
    this.end = scenario.hours * HOUR_MS;
    this.people = createPopulation(scenario, queue.rating.model);
    this.byId = new Map(this.people.map((player) => [player.id, player]));
    this.crowd = new Crowd(scenario, this.people, queue.rules.size);
    this.record = new RunRecord(policy.name, waitLimit(queue.rules));
  }

  /** Runs to the end. `onProgress` is told the share that is done, a hundred times. */
  run(onProgress: (share: number) => void = () => undefined): RunRecord {
    this.scheduleArrival(0);
    let told = 0;
    for (let next = this.events.next(); next !== undefined && next.at < this.end; next = this.events.next()) {
      const percent = Math.floor((100 * next.at) / this.end);
      if (percent > told) onProgress((told = percent) / 100);
      this.happen(next.at, next.event);
    }
    for (const { entry } of this.waiting.values()) {
      if (this.counts(entry.joinedAt)) this.record.waitsStill((this.end - entry.joinedAt) / 1000);
    }
    this.record.ratingError = this.ratingError();
    return this.record;
  }

  private happen(now: number, event: Event): void {
    switch (event.kind) {
      case 'arrival': {
        const session = this.crowd.sitDown(event.region);
        if (session !== undefined) this.join(now, session);
        return this.scheduleArrival(now);
      }
      case 'join':
        return this.join(now, event.session);
      case 'give-up':
        return this.giveUp(now, event.waiting);
      case 'tick':
        return this.tick(now);
      case 'end':
        return this.endMatch(now, event.match);
    }
  }

  private scheduleArrival(now: number): void {
    const { at, region } = this.crowd.nextArrival(now);
    this.events.schedule(at, { kind: 'arrival', region });
  }

  private counts(at: number): boolean {
    return at >= WARM_UP * this.end;
  }

  private join(now: number, session: Session): void {
    const entry = entryOf(session, `e${this.joins++}`, now);
    const waiting = { entry, session };
    this.waiting.set(entry.id, waiting);
    this.playersWaiting += entry.players.length;
    const patience = session.players[0]!.random.logNormal(this.scenario.patience * 1000, PATIENCE_SPREAD);
    this.events.schedule(now + patience, { kind: 'give-up', waiting });
    this.scheduleTick(now);
  }

  private scheduleTick(now: number): void {
    if (this.tickScheduled || this.waiting.size === 0) return;
    this.tickScheduled = true;
    const { tick } = this.scenario;
    this.events.schedule((Math.floor(now / tick) + 1) * tick, { kind: 'tick' });
  }

  /** Takes somebody out of the queue. */
  private leave(now: number, { entry }: Waiting, matched: boolean): void {
    this.waiting.delete(entry.id);
    this.playersWaiting -= entry.players.length;
    if (this.counts(entry.joinedAt)) this.record.waited((now - entry.joinedAt) / 1000, matched);
  }

  private giveUp(now: number, waiting: Waiting): void {
    if (!this.waiting.has(waiting.entry.id)) return;
    this.leave(now, waiting, false);
    dismiss(waiting.session);
  }

  private tick(now: number): void {
    this.tickScheduled = false;
    const { teams, size } = this.queue.rules;
    if (this.playersWaiting >= teams * size) {
      const entries = Array.from(this.waiting.values(), ({ entry }) => entry);
      for (const match of this.policy.match(now, entries)) this.startMatch(now, match);
    }
    this.scheduleTick(now);
  }

  private startMatch(now: number, match: ProposedMatch): void {
    const members = match.entryIds.map((id) => this.waiting.get(id)!);
    const longestWait = Math.max(...members.map(({ entry }) => now - entry.joinedAt)) / 1000;
    for (const waiting of members) this.leave(now, waiting, true);
    const teams = match.teams.map((team) => team.map((id) => this.byId.get(id)!));
    if (this.counts(now)) this.recordMatch(teams, match.region, longestWait);
    const number = this.matches++;
    const random = new RandomStream(this.scenario.seed, `start ${number}`);
    const playFraction = teams.map((team) =>
      team.map(() => (random.next() < this.scenario.leavers ? random.next() : 1)),
    );
    const length = random.logNormal(this.scenario.matchMinutes * MINUTE_MS, LENGTH_SPREAD);
    const sessions = members.map(({ session }) => session);
    this.events.schedule(now + length, { kind: 'end', match: { number, teams, playFraction, sessions } });
  }

  private recordMatch(
    teams: readonly (readonly SimulatedPlayer[])[],
    region: string,
    longestWait: number,
  ): void {
    const { rating } = this.queue;
    const { pointsPerUnit } = rating.model;
    const gap = (strength: (player: SimulatedPlayer) => number) =>
      pointsPerUnit * range(teams.map((team) => mean(team.map(strength))));
    const rated = (player: SimulatedPlayer) => player.rating.mu;
    this.record.matches.push({
      longestWait,
      ratingGap: gap(rated),
      hiddenGap: gap((player) => player.strength),
      favourite: favouritesChance(rating, teams),
      teamSpread: pointsPerUnit * mean(teams.map((team) => range(team.map(rated)))),
      latency: Math.max(...teams.flat().map(({ latencies }) => latencies[region]!)),
    });
  }

  private endMatch(now: number, { number, teams, playFraction, sessions }: RunningMatch): void {
    playMatch(
      this.queue.rating,
      teams,
      playFraction,
      new RandomStream(this.scenario.seed, `result ${number}`),
    );
    const left = new Set(teams.flatMap((team, i) => team.filter((_, j) => playFraction[i]![j]! < 1)));
    for (const player of left) player.busy = false;
    for (const session of sessions) {
      session.players = session.players.filter((player) => !left.has(player));
      const [leader] = session.players;
      if (leader === undefined) continue;
      if (leader.random.next() >= ANOTHER_MATCH) dismiss(session);
      else this.events.schedule(now + leader.random.exponential(REST_MS), { kind: 'join', session });
    }
  }

  private ratingError(): number {
    const { pointsPerUnit } = this.queue.rating.model;
    const played = this.people.filter(({ lastOpponents }) => lastOpponents.length > 0);
    if (played.length === 0) return 0;
    return pointsPerUnit * Math.sqrt(mean(played.map(({ rating, strength }) => (rating.mu - strength) ** 2)));
  }
}

/** Everybody goes home. */
function dismiss({ players }: Session): void {
  for (const player of players) player.busy = false;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
