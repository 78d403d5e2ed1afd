import { propose, type Leftover, type Proposal } from '@ranked/matchmaker';
import { ratingModel, type RatingModel } from '@ranked/rating';
import { waitingPlayers, type WaitingPlayer } from '@ranked/store/waiting-players';
import { matchmakingRules } from '../../config/matchmaking-rules.js';
import { endedWaits } from '../queue-news.js';
import { WaitingEntriesBuilder } from '../waiting-entries.js';
import { leftoverTexts } from './leftover-texts.js';
import type { SearchAnswer, SearchRequest } from './search-messages.js';

/**
 * One search over a whole queue, from the text of its rows to its matches: the same matches as a tick makes of a short queue.
 * @throws RangeError or TypeError for rules that the rating model or the matchmaker refuses
 */
export function searchQueue(request: SearchRequest): SearchAnswer {
  const { queue: config, now, servers } = request;
  const model = ratingModel(config.rating);
  const { players, rowOf } = playersOf(request, model);
  const away = new Set(Array.from(request.away, (row) => players[row]));
  const blocked = blockedOf(request.blockedPairs);
  const builder = new WaitingEntriesBuilder(config, (player) => !away.has(player), blocked);
  builder.add(players.filter((player) => player !== undefined));
  const waiting = builder.finish();
  const rows = (accountIds: readonly string[]) => Uint32Array.from(accountIds, (id) => rowOf.get(id) ?? 0);
  const answer = {
    players: waiting.players,
    oversized: rows(waiting.oversized),
    servers: new Uint32Array(),
    rows: new Uint32Array(),
    queuedAt: new Float64Array(),
    waits: [],
    leftovers: leftoverTexts([]),
  };
  const needed = config.teams * config.size;
  const enough = waiting.players >= needed;
  if (!enough || servers.length === 0) {
    const others: Leftover = enough
      ? { entryId: '', reason: 'no_server', servers: 0 }
      : { entryId: '', reason: 'not_enough_players', players: waiting.players, needed };
    return { ...answer, others };
  }
  const { entries } = waiting;
  const { matches, leftovers } = propose({ now, queue: matchmakingRules(config, model), entries, servers });
  const matched = rows(matches.flatMap(({ teams }) => teams.flat()));
  return {
    ...answer,
    servers: serversOf(matches, request),
    rows: matched,
    queuedAt: Float64Array.from(matched, (row) => players[row]?.joinedAt ?? now),
    waits: endedWaits(matches, entries, { now, pointsPerUnit: model.pointsPerUnit }),
    leftovers: leftoverTexts(leftovers),
    others: undefined,
  };
}

/** Players by their place in the request; undefined where a later place is that of the same player. */
function playersOf(
  { pages }: SearchRequest,
  model: RatingModel,
): { players: (WaitingPlayer | undefined)[]; rowOf: ReadonlyMap<string, number> } {
  const players: (WaitingPlayer | undefined)[] = [];
  const rowOf = new Map<string, number>();
  for (const page of pages) {
    for (const player of waitingPlayers(page, model.initial())) {
      const before = rowOf.get(player.accountId);
      if (before !== undefined) players[before] = undefined;
      rowOf.set(player.accountId, players.length);
      players.push(player);
    }
  }
  return { players, rowOf };
}

function blockedOf(pairs: string): Map<string, string[]> {
  const blocked = new Map<string, string[]>();
  for (const [owner, other] of JSON.parse(pairs) as [string, string][]) {
    const others = blocked.get(owner);
    if (others === undefined) blocked.set(owner, [other]);
    else others.push(other);
  }
  return blocked;
}

function serversOf(matches: readonly Proposal[], { servers }: SearchRequest): Uint32Array<ArrayBuffer> {
  const placeOf = new Map(servers.map(({ id }, place) => [id, place]));
  return Uint32Array.from(matches, ({ serverId }) => placeOf.get(serverId) ?? 0);
}
