import { Appraisal } from './appraisal.js';
import type { Draft } from './draft.js';
import type { Group } from './group.js';
import { GroupSearch, type Limits } from './group-search.js';
import { Improvement } from './improvement.js';
import { Proposer } from './proposer.js';
import type { Leftover, Proposal, ProposeInput } from './queue.js';
import { Reasons } from './reasons.js';
import { SoloSearch } from './solo-search.js';
import { isLastResort, windowWidth } from './window.js';

/** Looking for parties that fit takes about this many times the work of finding single players. */
const SEARCH_WORK = 16;
/** Matches written down between two pauses. */
const MATCHES_PER_STEP = 500;

/** One run over the waiting entries: each in turn takes the best group around it. */
export class Round {
  private readonly drafts: Draft[] = [];
  private readonly fast: boolean;
  /** Per entry the reason why it waits, as long as it does. */
  readonly reasons: (Leftover | undefined)[];
  readonly search: GroupSearch;
  private readonly appraisal: Appraisal;
  private readonly proposer: Proposer;
  private readonly solo: SoloSearch;
  private readonly why: Reasons;
  private readonly needed: number;

  constructor(
    private readonly input: ProposeInput,
    private readonly limits: Limits,
  ) {
    const { queue, pool } = limits;
    this.fast = (queue.search ?? 'fast') === 'fast';
    this.needed = queue.teams * queue.size;
    this.search = new GroupSearch(limits);
    this.solo = new SoloSearch(pool, this.needed);
    this.appraisal = new Appraisal(input, limits);
    this.proposer = new Proposer(input, limits, this.appraisal);
    this.why = new Reasons(limits, this.search, this.appraisal);
    this.reasons = new Array<Leftover | undefined>(input.entries.length);
  }

  get matches(): Proposal[] {
    return this.proposer.matches;
  }

  /** Finds a match for a free entry, or the reason why there is none; returns the work done, in players looked at. */
  turn(anchor: number): number {
    const { pool } = this.limits;
    const { window: rules } = this.input.queue;
    if (pool.players < this.needed) {
      this.reasons[anchor] = this.why.notEnough(anchor, this.needed);
      return 1;
    }
    const wait = this.appraisal.waitOf(anchor);
    const window = windowWidth(rules, wait);
    const reach = isLastResort(rules, wait) ? Infinity : window;
    if (this.search.plain) {
      const group = this.solo.search(anchor, pool.everywhere) as Group;
      if (group.spread <= reach) this.match(group, reach > window);
      else this.reasons[anchor] = this.why.tooFar(anchor, window, group.spread);
      return 2 * this.needed;
    }
    const group = this.search.find(anchor, window, reach);
    if (group === undefined) this.reasons[anchor] = this.why.of(anchor, window);
    else this.match(group, reach > window);
    return SEARCH_WORK * this.needed;
  }

  /** Improves the matches where the queue says so, then writes them down. Yields between portions of the work. */
  *finish(): Generator<void, void> {
    const { search: rule } = this.input.queue;
    if (rule === undefined || rule === 'fast') {
      this.proposer.writeAll();
      return;
    }
    const isOutside = (entry: number) => this.reasons[entry]?.reason === 'no_server';
    const improvement = new Improvement(this.limits, this.search, this.appraisal, this.drafts, isOutside);
    yield* improvement.run(rule.steps);
    const drafts = improvement.matches.sort((a, b) => (a.members[0] as number) - (b.members[0] as number));
    for (let i = 0; i < drafts.length; i++) {
      const { members, teamOf, spread, server } = drafts[i] as Draft;
      this.proposer.add(members, teamOf, spread, server);
      for (const member of members) this.reasons[member] = undefined;
      if (i % MATCHES_PER_STEP === MATCHES_PER_STEP - 1) yield;
    }
    this.proposer.writeAll();
    for (let entry = 0; entry < this.reasons.length; entry++) {
      if (improvement.isWaiting(entry)) this.reasons[entry] ??= this.why.exchanged(entry, this.needed);
    }
  }

  private match(group: Group, lastResort: boolean): void {
    const { pool, lineup, board, queue, roles } = this.limits;
    const members = inOrderOfWaiting(group.entries);
    for (const member of members) {
      pool.take(member);
      roles?.take(member);
      this.reasons[member] = undefined;
    }
    const key = this.appraisal.idOf(members[0] as number);
    const server = board.take(this.appraisal.regionCosts(members), key, lastResort);
    if (server === undefined) {
      for (const member of members) this.reasons[member] = this.why.noServer(member);
      return;
    }
    const wished = queue.parties !== undefined && queue.parties !== 'mixed';
    const teamOf = (wished ? lineup.divide(members, true) : undefined) ?? lineup.divide(members, false);
    // The search only returns entries that fill the teams.
    if (teamOf === undefined) throw new Error('a group was found that does not fill its teams');
    if (this.fast) this.proposer.add(members, teamOf, group.spread, server);
    else this.drafts.push({ members: members.slice(), teamOf, spread: group.spread, server });
  }
}

/** Sorts in place. */
function inOrderOfWaiting(entries: number[]): readonly number[] {
  if (entries.length > 2) return entries.sort((a, b) => a - b);
  const first = entries[0] as number;
  const second = entries[1] as number;
  if (first > second) {
    entries[0] = second;
    entries[1] = first;
  }
  return entries;
}
