import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Proposal } from '@ranked/matchmaker';
import { gameServers, queue } from '@ranked/store';
import { matchmakingRules } from '../../config/matchmaking-rules.js';
import type { QueueModel } from '../../config/queue-models.js';
import { silenceMs } from '../deadlines.js';
import { createMatches, type ProposedMatch, type ProposedPlayer } from '../new-matches.js';
import type { TickContext, TickStep } from '../tick-context.js';
import { emptyNews, endedWaits } from '../queue-news.js';
import { StepwiseSearch } from '../search/stepwise-search.js';
import { WaitingEntriesBuilder, type WaitingEntries } from '../waiting-entries.js';
import { writeFoundMatches } from './write-found-matches.js';

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
  const { waiting, places } = await readQueue(context, queueModel);
  outcome.waiting += places.size;
  if (places.size >= config.longQueue) {
    outcome.long.push({ queue: rules.name, used: undefined, waiting: places.size });
    return;
  }
  const news = emptyNews(rules.name, now, places.size);
  outcome.news.push(news);
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
    await createMatches(context, queueModel, news, inTheirPlaces(search.matches(), places));
  }
  const { matches, leftovers } = search.result;
  news.leftovers = leftovers;
  news.waits = endedWaits(matches, entries, { now, pointsPerUnit: model.pointsPerUnit });
}

/** Everybody who waits in a queue, whether he can be matched now or not, by account. */
type Places = ReadonlyMap<string, ProposedPlayer>;

/** Who waits. What can be done with some of them is done while the database reads the next. */
async function readQueue(
  { tx, config, isPresent }: TickContext,
  { config: rules, model }: QueueModel,
): Promise<{ waiting: WaitingEntries; places: Places }> {
  const builder = new WaitingEntriesBuilder(rules, isPresent, await queue.blockedPairs(tx, rules.name));
  const places = new Map<string, ProposedPlayer>();
  for await (const part of queue.snapshotForTick(tx, rules.name, model.initial(), config.longQueue)) {
    builder.add(part);
    for (const { accountId, entryNo, joinedAt } of part)
      places.set(accountId, { accountId, entryNo, queuedAt: joinedAt });
  }
  return { waiting: builder.finish(), places };
}

/** The proposals with the queue entry of each player. */
function* inTheirPlaces(proposals: Iterable<Proposal>, places: Places): Generator<ProposedMatch> {
  for (const { serverId, teams } of proposals) {
    yield {
      serverId,
      teams: teams.map((team) => team.map((accountId) => places.get(accountId) as ProposedPlayer)),
    };
  }
}
