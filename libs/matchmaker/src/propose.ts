import type { Rating } from '@ranked/rating';
import { TeamBalancer } from './balance-teams.js';
import { EntryColumns } from './entry-columns.js';
import type { Group } from './group.js';
import { PartySearch } from './party-search.js';
import type { Entry, Leftover, Proposal, ProposeInput, ProposeResult, ServerSlot } from './queue.js';
import { serverPlaces } from './server-places.js';
import { searchSolo } from './solo-search.js';
import { EntryValidator, validateInput } from './validation.js';
import { WaitingPool } from './waiting-pool.js';
import { isLastResort, windowWidth } from './window.js';

/** Players looked at between two pauses of {@link proposeInSteps}: a few milliseconds of work. */
const PLAYERS_PER_STEP = 5000;

/**
 * The matches that can be made now, and for every entry left over the reason why.
 *
 * Entries take their turn in the order of their wait. Each takes the group nearest in strength around it, if that is within
 * its window: it is the longest waiting of those free, so its window is the widest of the group and the one that counts.
 *
 * @throws TypeError for input of the wrong type, RangeError for input that is out of range or contradicts itself (the same
 * player twice); the message begins with the path of what is wrong
 */
export function propose(input: ProposeInput): ProposeResult {
  const steps = proposeInSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * {@link propose} with pauses: a generator that yields between portions of the work, for callers that must not block. The
 * answer is the same; `input` must not change meanwhile.
 */
export function* proposeInSteps(input: ProposeInput): Generator<void, ProposeResult> {
  validateInput(input);
  const { entries, queue, servers } = input;
  const validator = new EntryValidator(queue.size);
  const columns = new EntryColumns(entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    validator.check(entry, i);
    columns.add(entry, i, queue.model.pointsPerUnit);
    if (i % PLAYERS_PER_STEP === PLAYERS_PER_STEP - 1) yield;
  }
  yield;
  const pool = new WaitingPool(columns, queue.size);
  yield;
  const round = new Round(input, columns, pool, serverPlaces(servers));
  let work = 0;
  for (let anchor = 0; anchor < entries.length; anchor++) {
    if (!pool.has(anchor)) continue;
    work += round.turn(anchor);
    if (work >= PLAYERS_PER_STEP) {
      work = 0;
      yield;
    }
  }
  return round.result();
}

/** One run over the waiting entries. */
class Round {
  private readonly matches: Proposal[] = [];
  /** Per entry the reason why it waits, as long as it does. */
  private readonly reasons: (Leftover | undefined)[];
  private readonly parties: PartySearch;
  private readonly balancer: TeamBalancer;
  private readonly needed: number;

  constructor(
    private readonly input: ProposeInput,
    private readonly columns: EntryColumns,
    private readonly pool: WaitingPool,
    private readonly places: Generator<ServerSlot, undefined>,
  ) {
    const { teams, size } = input.queue;
    this.needed = teams * size;
    this.parties = new PartySearch(pool, teams, size);
    this.balancer = new TeamBalancer(teams, size);
    this.reasons = new Array<Leftover | undefined>(input.entries.length);
  }

  /** Finds a match for a free entry, or the reason why there is none; returns the work done, in players looked at. */
  turn(anchor: number): number {
    const { pool, needed } = this;
    const entryId = this.idOf(anchor);
    const { window: rules } = this.input.queue;
    if (pool.players < needed) {
      this.reasons[anchor] = { entryId, reason: 'not_enough_players', players: pool.players, needed };
      return 1;
    }
    const wait = this.waitOf(anchor);
    const window = windowWidth(rules, wait);
    const reach = isLastResort(rules, wait) ? Infinity : window;
    const group = pool.solo ? searchSolo(pool, anchor, needed) : this.parties.search(anchor, reach);
    if (group === undefined) {
      this.reasons[anchor] = { entryId, reason: 'no_fit' };
    } else if (group.spread > reach) {
      this.reasons[anchor] = { entryId, reason: 'window', window, nearest: group.spread };
    } else {
      this.match(group, window);
    }
    return pool.solo ? 2 * needed : MIXED_WORK * needed;
  }

  result(): ProposeResult {
    return { matches: this.matches, leftovers: this.reasons.filter((reason) => reason !== undefined) };
  }

  private idOf(entry: number): string {
    return this.columns.ids[this.pool.row[entry] as number] as string;
  }

  /** Milliseconds; 0 for who joined in the future by the caller's clock. */
  private waitOf(entry: number): number {
    return Math.max(0, this.input.now - (this.columns.joinedAt[this.pool.row[entry] as number] as number));
  }

  private match(group: Group, window: number): void {
    const { pool } = this;
    const { name, model } = this.input.queue;
    const members = group.entries.slice().sort((a, b) => a - b);
    for (const member of members) {
      pool.take(member);
      this.reasons[member] = undefined;
    }
    const place = this.places.next();
    if (place.done === true) {
      for (const member of members) {
        this.reasons[member] = { entryId: this.idOf(member), reason: 'no_server' };
      }
      return;
    }
    const { teams, ratings } = this.lineup(members);
    this.matches.push({
      queue: name,
      serverId: place.value.id,
      region: place.value.region,
      teams,
      entryIds: members.map((member) => this.idOf(member)),
      quality: model.quality(ratings),
      spread: group.spread,
      window,
      lastResort: group.spread > window,
      longestWaitMs: this.waitOf(members[0] as number),
    });
  }

  /** Equally strong teams. Players stand in the order of their entries, and the first entry's team comes first. */
  private lineup(members: readonly number[]): Lineup {
    const { columns, pool } = this;
    const { teams, size } = this.input.queue;
    const teamOf = this.teamPerEntry(members);
    const lineup: Lineup = { teams: [], ratings: [] };
    const placeOf = new Array<number>(teams).fill(-1);
    const filled = new Array<number>(teams).fill(0);
    for (let i = 0; i < members.length; i++) {
      const team = teamOf[i] as number;
      if (placeOf[team] === -1) {
        // Arrays of the full length from the start: one that grows keeps room for more, for as long as the match is kept.
        placeOf[team] = lineup.teams.push(new Array<string>(size)) - 1;
        lineup.ratings.push(new Array<Rating>(size));
      }
      const place = placeOf[team] as number;
      const ids = lineup.teams[place] as string[];
      const ratings = lineup.ratings[place] as Rating[];
      const row = pool.row[members[i] as number] as number;
      const first = columns.firstPlayer[row] as number;
      const start = filled[place] as number;
      const players = columns.size[row] as number;
      for (let k = 0; k < players; k++) {
        ids[start + k] = columns.playerIds[first + k] as string;
        ratings[start + k] = {
          mu: columns.mus[first + k] as number,
          sigma: columns.sigmas[first + k] as number,
        };
      }
      filled[place] = start + players;
    }
    return lineup;
  }

  private teamPerEntry(members: readonly number[]): readonly number[] {
    const { pool } = this;
    if (this.input.queue.size === 1) return members.map((_, i) => i);
    const teamOf = this.balancer.balance(
      members.map((member) => {
        const players = pool.size[member] as number;
        return { size: players, strength: players * (pool.strength[member] as number) };
      }),
    );
    // The search only returns entries that fill the teams.
    if (teamOf === undefined) throw new Error('a group was found that does not fill its teams');
    return teamOf;
  }
}

interface Lineup {
  readonly teams: string[][];
  readonly ratings: Rating[][];
}

/** Looking for parties that fit takes about this many times the work of finding single players. */
const MIXED_WORK = 16;
