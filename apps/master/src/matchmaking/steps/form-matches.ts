import { setImmediate as nextTurn } from 'node:timers/promises';
import { proposeInSteps, type Proposal, type ProposeInput, type ProposeResult } from '@ranked/matchmaker';
import { gameServers, matches, queue, type NewMatch, type WaitingPlayer } from '@ranked/store';
import { matchmakingRules } from '../../config/matchmaking-rules.js';
import type { QueueModel } from '../../config/queue-models.js';
import { randomUuids, timeOrderedUuids } from '../match-ids.js';
import { rulesOf } from '../match-rules.js';
import { reservingUntil, silenceMs } from '../deadlines.js';
import type { TickContext, TickStep } from '../tick-context.js';
import { emptyNews, endedWaits } from '../queue-news.js';
import { waitingEntries } from '../waiting-entries.js';

/** For a queue in which nobody blocks anybody. */
const NOBODY: ReadonlyMap<string, readonly string[]> = new Map();

/**
 * New matches: per queue, who waits and which servers have room goes to the matchmaker, and what it proposes becomes
 * rows. Each tick begins with another queue, so that none always has the first choice of servers. None is formed while
 * maintenance is on. Where the queue has a ready check, a match begins with that.
 */
export const formMatches: TickStep = async (context) => {
  const { queues, number } = context;
  if (context.maintenance) return;
  const first = queues.length === 0 ? 0 : number % queues.length;
  for (const model of [...queues.slice(first), ...queues.slice(0, first)]) await formIn(context, model);
};

async function formIn(context: TickContext, { config: rules, model }: QueueModel): Promise<void> {
  const { tx, now, config, masterKeyId, outcome } = context;
  const snapshot = await queue.snapshotForTick(tx, rules.name, model.initial());
  outcome.waiting += snapshot.length;
  const news = emptyNews(rules.name, now, snapshot.length);
  outcome.news.push(news);
  await nextTurn();
  const blocks = snapshot.some((player) => player.blocks > 0);
  const blocked = blocks ? await queue.blockedPairs(tx, rules.name) : NOBODY;
  const waiting = waitingEntries(snapshot, rules, context.isPresent, blocked);
  if (waiting.oversized.length > 0) await queue.removeAll(tx, waiting.oversized);
  const needed = rules.teams * rules.size;
  if (waiting.players < needed) {
    news.others = { entryId: '', reason: 'not_enough_players', players: waiting.players, needed };
    return;
  }
  const servers = await gameServers.candidates(tx, {
    queue: rules.name,
    masterKeyId,
    seenSince: now - silenceMs(config),
  });
  if (servers.length === 0) {
    news.others = { entryId: '', reason: 'no_server', servers: 0 };
    return;
  }
  await nextTurn();
  const { matches: proposals, leftovers } = await proposed({
    now,
    queue: matchmakingRules(rules, model),
    entries: waiting.entries,
    servers,
  });
  news.leftovers = leftovers;
  news.waits = endedWaits(proposals, waiting.entries, { now, pointsPerUnit: model.pointsPerUnit });
  const { created } = await matches.createMany(tx, {
    queue: rules.name,
    rules: rulesOf({ config: rules, model }),
    ...(rules.readyCheck
      ? { state: 'checking' as const, reserveExpiresAt: now + rules.readyCheck.seconds * 1_000 }
      : { reserveExpiresAt: reservingUntil(config, now) }),
    matches: newMatches(context, { proposals, snapshot, perMatch: needed }),
  });
  outcome.created.push(...created);
  if (rules.readyCheck) outcome.proposed.push(...created);
  outcome.waiting -= created.length * needed;
  news.waiting -= created.length * needed;
}

/** The rows to be of what was proposed, one at a time. */
function* newMatches(
  { random, now }: TickContext,
  {
    proposals,
    snapshot,
    perMatch,
  }: { proposals: readonly Proposal[]; snapshot: readonly WaitingPlayer[]; perMatch: number },
): Generator<NewMatch> {
  const queuedAt = new Map(snapshot.map(({ accountId, joinedAt }) => [accountId, joinedAt]));
  const ids = timeOrderedUuids(random, now, proposals.length);
  const playerIds = randomUuids(random, proposals.length * perMatch);
  for (const { serverId, teams } of proposals) {
    yield {
      id: ids.next(),
      serverId,
      teams: teams.map((team) =>
        team.map((accountId) => ({
          id: playerIds.next(),
          accountId,
          queuedAt: queuedAt.get(accountId) ?? now,
        })),
      ),
    };
  }
}

/** The matchmaker's answer; other work of the event loop goes on between its steps. */
async function proposed(input: ProposeInput): Promise<ProposeResult> {
  const steps = proposeInSteps(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await nextTurn();
  }
}
