import { gameServers, queue } from '@ranked/store';
import type { QueueModel } from '../../config/queue-models.js';
import { silenceMs } from '../deadlines.js';
import { createMatches, type ProposedMatch } from '../new-matches.js';
import { emptyNews, type QueueNews } from '../queue-news.js';
import type { FoundMatches } from '../search/found-matches.js';
import type { TickContext } from '../tick-context.js';

/**
 * Players of a queue whose matches one tick writes. The rest is for the next ticks: nobody else can write meanwhile, and results
 * must not have to wait for seconds.
 */
const PLAYERS_PER_TICK = 10_000;
/** Players looked at in one statement. */
const PLAYERS_PER_LOOK = 1_000;

/**
 * Makes rows of what a search between the ticks found in a queue too long for the tick, as far as it still holds: every player waits
 * as he did and is there, and the server has room. Of a match that does not hold, those who do wait go on waiting.
 * @param waiting how many wait in the queue, as far as is known
 */
export async function writeFoundMatches(
  context: TickContext,
  model: QueueModel,
  waiting: number,
): Promise<void> {
  const { tx, outcome, inputs } = context;
  const { name, teams, size } = model.config;
  const found = inputs.found.get(name);
  outcome.waiting += waiting;
  if (found === undefined) {
    outcome.long.push({ queue: name, used: undefined, waiting });
    return;
  }
  const { used: from, count } = found;
  const perMatch = teams * size;
  const end = Math.min(count, from + Math.max(1, Math.floor(PLAYERS_PER_TICK / perMatch)));
  const news = newsOf(found, name, waiting);
  outcome.news.push(news);
  if (from === 0 && found.oversized.length > 0) await queue.removeAll(tx, found.oversized);
  if (end > from) {
    const gone = await goneFrom(context, name, found, { from, end, perMatch });
    const room = await roomOf(context, name, found.lastResorts);
    await createMatches(context, model, news, holding(found.matches(from, end), gone, room));
  }
  outcome.long.push({ queue: name, used: end - from, waiting: news.waiting });
}

/** What those who go on waiting may know. Of a search that several ticks write, the first tells which waits ended. */
function newsOf({ at, used, answer }: FoundMatches, name: string, waiting: number): QueueNews {
  const { others, leftovers, waits } = answer;
  return { ...emptyNews(name, at, waiting), others, texts: leftovers, waits: used === 0 ? waits : [] };
}

/** The players of these matches who do not wait any more as they did, or are away. */
async function goneFrom(
  { tx, now, config, isPresent }: TickContext,
  name: string,
  found: FoundMatches,
  { from, end, perMatch }: { from: number; end: number; perMatch: number },
): Promise<Set<string>> {
  const gone = new Set<string>();
  const step = Math.max(1, Math.floor(PLAYERS_PER_LOOK / perMatch));
  for (let at = from; at < end; at += step) {
    const players = [...found.matches(at, Math.min(end, at + step))].flatMap(({ teams }) =>
      teams.flatMap((team) =>
        team.map(({ accountId, entryNo, queuedAt }) => ({ accountId, entryNo, joinedAt: queuedAt })),
      ),
    );
    const asked = { queue: name, players, seenAfter: now - silenceMs(config) };
    for (const { accountId, lastSeen } of await queue.waitsNoMore(tx, asked)) {
      if (lastSeen === null || !isPresent({ accountId, lastSeen })) gone.add(accountId);
    }
  }
  return gone;
}

/** Places that servers have now, by server; one that has failed since then has none. */
async function roomOf(
  { tx, now, config, masterKeyId }: TickContext,
  name: string,
  lastResorts: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const servers = await gameServers.candidates(tx, {
    queue: name,
    masterKeyId,
    seenSince: now - silenceMs(config),
  });
  const usable = servers.filter(({ id, failedLately }) => failedLately !== true || lastResorts.has(id));
  return new Map(usable.map(({ id, free }) => [id, free]));
}

function* holding(
  matches: Iterable<ProposedMatch>,
  gone: ReadonlySet<string>,
  room: Map<string, number>,
): Generator<ProposedMatch> {
  for (const match of matches) {
    const free = room.get(match.serverId) ?? 0;
    if (free === 0) continue;
    if (gone.size > 0 && match.teams.some((team) => team.some(({ accountId }) => gone.has(accountId))))
      continue;
    room.set(match.serverId, free - 1);
    yield match;
  }
}
