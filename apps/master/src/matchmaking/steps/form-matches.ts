import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Proposal } from '@ranked/matchmaker';
import { gameServers, queue, type WaitingPlayer } from '@ranked/store';
import { matchmakingRules } from '../../config/matchmaking-rules.js';
import type { QueueModel } from '../../config/queue-models.js';
import { silenceMs } from '../deadlines.js';
import { createMatches, type ProposedMatch, type ProposedPlayer } from '../new-matches.js';
import type { TickContext, TickStep } from '../tick-context.js';
import { emptyNews, endedWaits } from '../queue-news.js';
import { StepwiseSearch } from '../search/stepwise-search.js';
import { waitingEntries } from '../waiting-entries.js';
import { writeFoundMatches } from './write-found-matches.js';

/** For a queue in which nobody blocks anybody. */
const NOBODY: ReadonlyMap<string, readonly string[]> = new Map();

/**
 * New matches: per queue, who waits and which servers have room goes to the matchmaker, and what it proposes becomes
 * rows. Each tick begins with another queue, so that none always has the first choice of servers. None is formed while
 * maintenance is on. A queue that is too long for that is searched between the ticks, and written here.
 */
export const formMatches: TickStep = async (context) => {
  const { queues, number } = context;
  if (context.maintenance) return;
  const first = queues.length === 0 ? 0 : number % queues.length;
  for (const model of [...queues.slice(first), ...queues.slice(0, first)]) {
    const waiting = context.inputs.long.get(model.config.name);
    if (waiting === undefined) await formIn(context, model);
    else await writeFoundMatches(context, model, waiting);
  }
};

async function formIn(context: TickContext, queueModel: QueueModel): Promise<void> {
  const { config: rules, model } = queueModel;
  const { tx, now, config, masterKeyId, outcome } = context;
  const snapshot = await queue.snapshotForTick(tx, rules.name, model.initial(), config.longQueue);
  outcome.waiting += snapshot.length;
  if (snapshot.length >= config.longQueue) {
    outcome.long.push({ queue: rules.name, used: undefined, waiting: snapshot.length });
    return;
  }
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
  const { entries } = waiting;
  const search = new StepwiseSearch({ now, queue: matchmakingRules(rules, model), entries, servers });
  if (await search.begin()) {
    await createMatches(context, queueModel, news, withEntries(search.matches(), snapshot));
  }
  const { matches, leftovers } = search.result;
  news.leftovers = leftovers;
  news.waits = endedWaits(matches, entries, { now, pointsPerUnit: model.pointsPerUnit });
}

/** The proposals with the queue entry of each player. */
function* withEntries(
  proposals: Iterable<Proposal>,
  snapshot: readonly WaitingPlayer[],
): Generator<ProposedMatch> {
  const entries = new Map<string, ProposedPlayer>();
  for (const { accountId, entryNo, joinedAt } of snapshot)
    entries.set(accountId, { accountId, entryNo, queuedAt: joinedAt });
  for (const { serverId, teams } of proposals) {
    yield {
      serverId,
      teams: teams.map((team) => team.map((accountId) => entries.get(accountId) as ProposedPlayer)),
    };
  }
}
