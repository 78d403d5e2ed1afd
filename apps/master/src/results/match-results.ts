import { Inject, Injectable } from '@nestjs/common';
import type { MatchResult } from '@ranked/protocol';
import { matches, ratings, type JsonValue, type MatchToRate, type Store, type Tx } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import type { MatchRules } from '../matchmaking/match-rules.js';
import { RulesModels } from '../matchmaking/rules-models.js';
import { ServerFaults } from '../matchmaking/server-faults.js';
import { StateFeed } from '../matchmaking/state-feed.js';
import { MasterConfig } from '../config/master-config.js';
import { QueueModels } from '../config/queue-models.js';
import type { RatingCircumstances } from '../rating/match-input.js';
import { ratingIn } from '../rating/stored-rating.js';
import { tierAfter } from '../rating/standing.js';
import { STORE } from '../store/store.module.js';
import { assertInForce } from './assert-in-force.js';
import { canonicalResult } from './canonical-result.js';
import { outcomeOf } from './outcome.js';
import { leaversOf } from './leavers.js';
import { punishLeavers } from './punish-leavers.js';
import { rateMatch, type SeatOutcome } from './rate-match.js';
import { ReportCourier } from './report-courier.js';
import { verifyResult } from './verify-result.js';

const REFUSALS = {
  unknown_match: 'there is no such match',
  not_yours: 'the match is not on this server',
  bad_state: 'the match is not running',
  bad_roster: 'the players of the result are not exactly those of the match',
  conflict: 'the match has another result already',
} as const;

/** What the match did to one player, and to the tier that he is shown in. */
type Outcome = SeatOutcome & { tierBefore: string | null; tierAfter: string | null };

/** Stands for a rating that does not exist yet; what it begins with is in the rules of the match. */
const UNRATED = { mu: 0, sigma: 0 };

/**
 * MatchResult: verified, rated and committed in one transaction, in which the ratings before are read as well. Only
 * then is it acknowledged, and only then do players hear of it. A result that was committed is acknowledged again and
 * changes nothing; another result for the same match is refused.
 */
@Injectable()
export class MatchResults {
  readonly counters = { rated: 0, repeated: 0, conflicts: 0, refused: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly models: RulesModels,
    private readonly queues: QueueModels,
    private readonly reports: ReportCourier,
    private readonly feed: StateFeed,
    private readonly faults: ServerFaults,
    private readonly config: MasterConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Resolves after the commit.
   * @param serverId the server that sent it, from its connection
   * @throws Refusal `unknown_match`, `not_yours`, `bad_state`, `bad_roster`, `bad_result`, `conflict`, `revoked`
   */
  async accept(serverId: string, claim: MatchResult): Promise<void> {
    const result = canonicalResult(claim);
    let accountIds: string[] | undefined;
    try {
      accountIds = await this.store.writeGrouped('match result', (tx) => this.commit(tx, serverId, result));
    } catch (error) {
      if (error instanceof Refusal) this.note(serverId, result.matchId, error);
      throw error;
    }
    if (!accountIds) {
      this.counters.repeated += 1;
      return;
    }
    this.counters.rated += 1;
    this.faults.finished(serverId);
    this.feed.handled(result.matchId, 'finished');
    this.reports.tell(accountIds);
  }

  /** The accounts that were rated; undefined if the very same result had been committed before. */
  private async commit(tx: Tx, serverId: string, result: MatchResult): Promise<string[] | undefined> {
    const { matchId } = result;
    // One moment for all that is written: rating again counts the idle time from it.
    const now = tx.now();
    const toRate = await matches.forResult(tx, matchId, UNRATED);
    const isItsMatch = toRate?.match.serverId === serverId;
    if (!isItsMatch || !toRate.isServerInForce) await assertInForce(tx, serverId);
    if (!toRate) throw new Refusal('unknown_match', REFUSALS.unknown_match);
    const outcomes = isItsMatch && toRate.match.state === 'running' ? this.rate(now, toRate, result) : [];
    const finished = await matches.finish(tx, {
      matchId,
      serverId,
      match: toRate,
      result: result as unknown as JsonValue,
      at: now,
      players: outcomes.map(({ before, after, ...seat }) => ({
        ...seat,
        muBefore: before.mu,
        sigmaBefore: before.sigma,
        volatilityBefore: before.volatility ?? null,
        muAfter: after.mu,
        sigmaAfter: after.sigma,
        volatilityAfter: after.volatility ?? null,
      })),
    });
    if (finished === 'duplicate') return undefined;
    if (finished !== 'finished') throw new Refusal(finished, REFUSALS[finished]);
    await this.writeRatings(tx, now, toRate, result, outcomes);
    const { players } = toRate.match;
    const left = new Set(leaversOf(result, players));
    const leavers = players.filter(({ id }) => left.has(id)).map(({ accountId }) => accountId);
    await punishLeavers(tx, serverId, leavers, this.config);
    return players.map((player) => player.accountId);
  }

  /** @throws Refusal if what the server claims cannot be */
  private rate(now: number, { match, rules, ratings: rows }: MatchToRate, result: MatchResult): Outcome[] {
    const { teams } = rulesIn(rules);
    const facts = {
      teams,
      playerIds: match.players.map((player) => player.id),
      allowedAt: match.allowAckedAt ?? match.createdAt,
    };
    const fault = verifyResult(result, facts, now);
    if (fault) throw new Refusal(fault.code, fault.message);
    const model = this.models.of(rulesIn(rules));
    const seats = match.players.map(({ id, team }, index) => {
      const row = rows[index];
      if (!row || row.games === 0) return { id, team, before: model.initial(), idleMs: null };
      const before = ratingIn(row);
      // A clock may have been set back.
      return { id, team, before, idleMs: Math.max(0, now - (row.lastMatchAt ?? now)) };
    });
    const standing = this.queues.standing(match.queue);
    return rateMatch(model, rulesIn(rules), result, seats).map((outcome, index) => {
      const tierBefore = rows[index]?.tier ?? null;
      // Tiers are those of the queue as it is now; one that is configured no longer has none.
      const after = standing ? tierAfter(model, standing, outcome.after, tierBefore) : tierBefore;
      return { ...outcome, tierBefore, tierAfter: after };
    });
  }

  private async writeRatings(
    tx: Tx,
    now: number,
    { match, rules, ratings: rows }: MatchToRate,
    result: MatchResult,
    outcomes: Outcome[],
  ): Promise<void> {
    const model = this.models.of(rulesIn(rules));
    const ranks = result.teams.map((team) => team.rank);
    await ratings.upsertMany(
      tx,
      outcomes.map(({ rank, after, tierAfter: tier }, index) => {
        const row = rows[index];
        return {
          accountId: match.players[index]?.accountId ?? '',
          queue: match.queue,
          mu: after.mu,
          sigma: after.sigma,
          volatility: after.volatility ?? null,
          games: (row?.games ?? 0) + 1,
          wins: (row?.wins ?? 0) + (outcomeOf(rank, ranks) === 'win' ? 1 : 0),
          display: model.displayRating(after),
          lastMatchAt: now,
          tier,
        };
      }),
    );
  }

  private note(serverId: string, matchId: string, refusal: Refusal): void {
    if (refusal.code === 'conflict') this.counters.conflicts += 1;
    else this.counters.refused += 1;
    this.log.warn({ serverId, matchId, code: refusal.code }, 'a match result was refused');
  }
}

/** The rules are the master's own: `rulesOf` wrote them when the match was made. */
function rulesIn(rules: JsonValue): MatchRules & RatingCircumstances {
  return rules as unknown as MatchRules & RatingCircumstances;
}
