import type { Appraisal } from './appraisal.js';
import type { Draft } from './draft.js';
import { Forecast } from './forecast.js';
import type { Limits } from './group-search.js';
import type { Proposal, ProposeInput, ServerSlot } from './queue.js';
import { windowWidth } from './window.js';

/** Players of the matches that are written at a time: what is known of them fits into the nearest cache. */
const PLAYERS_AT_A_TIME = 500;

/** A draft whose object is used again: one for each match would be a sixth of what the collector has to look after. */
interface Noted extends Draft {
  members: number[];
  teamOf: readonly number[];
  spread: number;
  server: ServerSlot;
}

/** Who plays. */
type Who = Pick<Proposal, 'teams' | 'entryIds' | 'waits'>;

/**
 * Writes matches down, with what explains them. Many at a time: what is known of their players lies all over memory, and a processor
 * waits for several such places at once where nothing else is to be done between the look-ups.
 */
export class Proposer {
  /** What is written. */
  readonly matches: Proposal[] = [];
  /** Matches that are written at a time, and those that are not yet written; the objects are used again. */
  private readonly most: number;
  private readonly drafts: Noted[] = [];
  private count = 0;
  private readonly forecast: Forecast;
  /** Per member of the drafts, one after another: the place of his entry in the input, and how long it has waited. */
  private readonly rows: Int32Array;
  private readonly waits: Float64Array;
  /** Per place in the teams of the drafts, one after another: the player, and what is known of him. */
  private readonly players: Int32Array;
  private readonly mu: Float64Array;
  private readonly sigma: Float64Array;
  /** Per team of a draft: its place among the teams, and how many of its places are filled. */
  private readonly placeOf: Int32Array;
  private readonly filled: Int32Array;

  constructor(
    private readonly input: ProposeInput,
    private readonly limits: Limits,
    private readonly appraisal: Appraisal,
  ) {
    const { teams, size, model } = input.queue;
    this.most = Math.max(1, Math.floor(PLAYERS_AT_A_TIME / (teams * size)));
    const players = this.most * teams * size;
    this.forecast = new Forecast(model, teams, size);
    this.rows = new Int32Array(players);
    this.waits = new Float64Array(players);
    this.players = new Int32Array(players);
    this.mu = new Float64Array(players);
    this.sigma = new Float64Array(players);
    this.placeOf = new Int32Array(teams);
    this.filled = new Int32Array(teams);
  }

  /** Notes a match, which is written with others. `members` may change afterwards, `teamOf` may not. */
  add(members: readonly number[], teamOf: readonly number[], spread: number, server: ServerSlot): void {
    const draft = (this.drafts[this.count++] ??= { members: [], teamOf: [], spread: NaN, server });
    if (draft.members.length !== members.length) draft.members.length = members.length;
    for (let i = 0; i < members.length; i++) draft.members[i] = members[i] as number;
    draft.teamOf = teamOf;
    draft.spread = spread;
    draft.server = server;
    if (this.count === this.most) this.writeAll();
  }

  /** Writes what is not yet written. Players stand in the order of their entries, and the first entry's team comes first. */
  writeAll(): void {
    const { drafts, count } = this;
    this.readEntries();
    // Where all are single, players are numbered as entries are.
    if (this.input.queue.size === 1) this.players.set(this.rows);
    else this.readTeams();
    this.readRatings();
    let first = 0;
    for (let i = 0; i < count; i++) {
      const draft = drafts[i] as Draft;
      this.matches.push(this.proposal(draft, i, first));
      first += draft.members.length;
    }
    this.count = 0;
  }

  private readEntries(): void {
    const { rows, waits, appraisal, drafts, count } = this;
    const { row } = this.limits.pool;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const { members } = drafts[i] as Draft;
      for (let k = 0; k < members.length; k++) {
        const member = members[k] as number;
        rows[at] = row[member] as number;
        waits[at++] = appraisal.waitOf(member);
      }
    }
  }

  /** Who has which place in the teams. */
  private readTeams(): void {
    const { placeOf, filled, rows, players, drafts, count } = this;
    const { columns } = this.limits;
    const { teams, size } = this.input.queue;
    let at = 0;
    for (let i = 0; i < count; i++) {
      const { teamOf } = drafts[i] as Draft;
      placeOf.fill(-1);
      filled.fill(0);
      let used = 0;
      for (let k = 0; k < teamOf.length; k++) {
        const row = rows[at++] as number;
        const team = teamOf[k] as number;
        if (placeOf[team] === -1) placeOf[team] = used++;
        const place = placeOf[team] as number;
        const first = columns.firstPlayer[row] as number;
        const end = first + (columns.size[row] as number);
        let to = (i * teams + place) * size + (filled[place] as number);
        for (let player = first; player < end; player++) players[to++] = player;
        filled[place] = (filled[place] as number) + end - first;
      }
    }
  }

  private readRatings(): void {
    const { mu, sigma, players } = this;
    const { ratings } = this.limits.columns;
    const { teams, size } = this.input.queue;
    for (let at = 0; at < this.count * teams * size; at++) {
      const player = players[at] as number;
      mu[at] = ratings[2 * player] as number;
      sigma[at] = ratings[2 * player + 1] as number;
    }
  }

  /** `index`: the draft's place among those that are written; `first`: that of its first member among all of theirs. */
  private proposal(draft: Draft, index: number, first: number): Proposal {
    const { members, server, spread } = draft;
    const { forecast, limits, appraisal } = this;
    const { queue } = this.input;
    const needed = queue.teams * queue.size;
    const start = index * needed;
    for (let at = 0; at < needed; at++) {
      forecast.put(at, this.mu[start + at] as number, this.sigma[start + at] as number);
    }
    const { teams, entryIds, waits } =
      needed === 2 ? this.pair(first) : this.group(members.length, first, start);
    let longestWaitMs = 0;
    for (let i = 0; i < waits.length; i++) longestWaitMs = Math.max(longestWaitMs, waits[i] as number);
    const window = windowWidth(queue.window, longestWaitMs);
    const slowest = appraisal.slowest(members, server.region);
    const repeats = limits.meetings?.repeats(members) ?? 0;
    return {
      queue: queue.name,
      serverId: server.id,
      region: server.region,
      teams,
      entryIds,
      waits,
      quality: forecast.quality(),
      odds: forecast.odds(),
      worth: appraisal.worthOf(draft, slowest, repeats),
      spread,
      window,
      lastResort: spread > window,
      longestWaitMs,
      worstLatency: slowest,
      repeats,
    };
  }

  /** `members`: how many entries there are; `start`: where the places of the teams begin. */
  private group(members: number, first: number, start: number): Who {
    const { ids } = this.limits.columns;
    const { rows } = this;
    const waits = new Array<number>(members);
    const entryIds = new Array<string>(members);
    for (let i = 0; i < members; i++) {
      waits[i] = this.waits[first + i] as number;
      entryIds[i] = ids[rows[first + i] as number] as string;
    }
    return { teams: this.teams(start), entryIds, waits };
  }

  /**
   * The same for one against one, which is most of what is written. The engine learns that what these literals make is kept, and makes
   * it where it will stay; arrays whose length it does not know the collector moves twice.
   */
  private pair(first: number): Who {
    const { ids, playerIds } = this.limits.columns;
    const { rows, waits } = this;
    const [one, other] = [rows[first] as number, rows[first + 1] as number];
    return {
      teams: [[playerIds[one] as string], [playerIds[other] as string]],
      entryIds: [ids[one] as string, ids[other] as string],
      waits: [waits[first] as number, waits[first + 1] as number],
    };
  }

  private teams(start: number): string[][] {
    const { playerIds } = this.limits.columns;
    const { teams, size } = this.input.queue;
    const { players } = this;
    // Arrays of the full length from the start: one that grows keeps room for more, for as long as the match is kept.
    const ids = new Array<string[]>(teams);
    for (let team = 0, at = start; team < teams; team++) {
      const members = new Array<string>(size);
      for (let i = 0; i < size; i++) members[i] = playerIds[players[at++] as number] as string;
      ids[team] = members;
    }
    return ids;
  }
}
