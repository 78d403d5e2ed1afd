import { EntryColumns } from './entry-columns.js';
import type { Limits } from './group-search.js';
import { Lineup } from './lineup.js';
import { Meetings } from './meetings.js';
import type { Entry, Proposal, ProposeInput, ProposeResult } from './queue.js';
import { reaches } from './reach.js';
import { RoleNeeds } from './role-needs.js';
import { Round } from './round.js';
import { ServerBoard } from './server-board.js';
import { validateEntry, validateInput } from './validation.js';
import { WaitingPool } from './waiting-pool.js';

/** Entries read between two pauses of {@link proposeInSteps}: a few milliseconds of work. */
const ENTRIES_PER_STEP = 5000;
/** Players looked at between two pauses of the search: less than a millisecond. Who writes the matches meanwhile is soon given more. */
const PLAYERS_PER_STEP = 1000;

/**
 * The matches that can be made now, and for every entry left over the reason why.
 *
 * Entries take their turn in the order of their wait, those that are ahead before all others. Each takes the group nearest in strength around
 * it, if that is within its window: but for those ahead it is the longest waiting of those free, so its window is the widest of the group.
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
 * {@link propose} with pauses: a generator that yields between portions of the work, for callers that must not block. Each pause gives
 * the matches found since the one before, so that work on them can begin; after the last one all have been given. The answer
 * is the same; `input` must not change meanwhile.
 */
export function* proposeInSteps(input: ProposeInput): Generator<readonly Proposal[], ProposeResult> {
  validateInput(input);
  const { entries } = input;
  const reading = readInput(input);
  let read = reading.next();
  for (; read.done !== true; read = reading.next()) yield [];
  const limits = read.value;
  const round = new Round(input, limits);
  let given = 0;
  const found = (): readonly Proposal[] => {
    const matches = round.matches.slice(given);
    given = round.matches.length;
    return matches;
  };
  let work = 0;
  for (let anchor = 0; anchor < entries.length; anchor++) {
    if (!limits.pool.has(anchor)) continue;
    work += round.turn(anchor);
    if (work >= PLAYERS_PER_STEP) {
      work = 0;
      yield found();
    }
  }
  const finishing = round.finish();
  while (finishing.next().done !== true) yield found();
  yield found();
  return { matches: round.matches, leftovers: round.reasons.filter((reason) => reason !== undefined) };
}

function* readInput({ entries, queue, servers }: ProposeInput): Generator<void, Limits> {
  const board = new ServerBoard(servers, queue);
  const { latency } = queue;
  const regions = latency === undefined ? [] : board.regions;
  const reach = regions.map(() => new Uint8Array(entries.length));
  const columns = new EntryColumns(entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    validateEntry(entry, i, queue.size);
    columns.add(entry, i, queue.model.pointsPerUnit);
    if (latency !== undefined) {
      for (let region = 0; region < regions.length; region++) {
        if (reaches(entry, regions[region] as string, latency)) (reach[region] as Uint8Array)[i] = 1;
      }
    }
    if (i % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield;
  }
  const players = yield* columns.requireUnique();
  yield;
  const pool = yield* WaitingPool.of(columns, queue.size, reach);
  const meetings = columns.namesOthers
    ? yield* Meetings.of({ entries, queue }, columns, pool, players)
    : undefined;
  yield;
  const wantsRoles = queue.roles !== undefined && Object.keys(queue.roles).length > 0;
  const roles = wantsRoles ? new RoleNeeds(queue.roles, queue.teams, entries, pool) : undefined;
  yield;
  return {
    queue,
    columns,
    pool,
    lineup: new Lineup(queue, pool, roles),
    board,
    meetings,
    roles,
    byRegion: regions.length > 0,
  };
}
