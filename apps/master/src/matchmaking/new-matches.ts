import { matches, type NewMatch } from '@ranked/store';
import type { QueueModel } from '../config/queue-models.js';
import { reservingUntil } from './deadlines.js';
import { randomUuids, timeOrderedUuids, type Uuids } from './match-ids.js';
import { rulesOf } from './match-rules.js';
import type { QueueNews } from './queue-news.js';
import type { TickContext } from './tick-context.js';

/** A match that the matchmaker proposed. */
export interface ProposedMatch {
  readonly serverId: string;
  readonly teams: readonly (readonly ProposedPlayer[])[];
}

/** One of its players, as the queue was read: his entry, and since when he waited, Unix ms. */
export interface ProposedPlayer {
  readonly accountId: string;
  readonly entryNo: number;
  readonly queuedAt: number;
}

/** Matches for which ids are drawn at a time. */
const MATCHES_AT_A_TIME = 250;

/**
 * Makes rows of what is proposed, and notes them in the outcome and in the queue's news. The proposals are taken as they are needed:
 * who looks for them as that happens does it while the database is at work. Where the queue has a ready check, a match begins with that.
 */
export async function createMatches(
  { tx, now, config, random, outcome }: TickContext,
  { config: rules, model }: QueueModel,
  news: QueueNews,
  proposed: Iterable<ProposedMatch>,
): Promise<void> {
  const perMatch = rules.teams * rules.size;
  const ids = timeOrderedUuids(random, now, MATCHES_AT_A_TIME);
  const playerIds = randomUuids(random, MATCHES_AT_A_TIME * perMatch);
  const { created } = await matches.createMany(tx, {
    queue: rules.name,
    rules: rulesOf({ config: rules, model }),
    ...(rules.readyCheck
      ? { state: 'checking' as const, reserveExpiresAt: now + rules.readyCheck.seconds * 1_000 }
      : { reserveExpiresAt: reservingUntil(config, now) }),
    matches: newMatches(proposed, ids, playerIds),
  });
  outcome.created.push(...created);
  if (rules.readyCheck) outcome.proposed.push(...created);
  outcome.waiting -= created.length * perMatch;
  news.waiting -= created.length * perMatch;
}

/** The rows to be, one at a time. */
function* newMatches(proposed: Iterable<ProposedMatch>, ids: Uuids, playerIds: Uuids): Generator<NewMatch> {
  for (const { serverId, teams } of proposed) {
    yield {
      id: ids.next(),
      serverId,
      teams: teams.map((team) =>
        team.map(({ accountId, entryNo, queuedAt }) => ({
          id: playerIds.next(),
          accountId,
          entryNo,
          queuedAt,
        })),
      ),
    };
  }
}
