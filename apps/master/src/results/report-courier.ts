import { Inject, Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { matches, type JsonValue, type Match, type PlayerInMatch, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { QueueModels } from '../config/queue-models.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Courier } from '../matchmaking/courier.js';
import { inTurns } from '../matchmaking/in-turns.js';
import type { MatchRules } from '../matchmaking/match-rules.js';
import { NewestConnections } from '../matchmaking/newest-connections.js';
import { RulesModels } from '../matchmaking/rules-models.js';
import type { RatingCircumstances } from '../rating/match-input.js';
import { DEFAULT_RANKS, standingRules } from '../rating/standing.js';
import { STORE } from '../store/store.module.js';
import { explainMatch } from './explain-match.js';
import { matchReport, type ReportRules } from './match-report.js';

/** Players looked at in one batch, and reports read at once. */
const PLAYERS_PER_BATCH = 200;
const REPORTS_PER_READ = 500;

/** Sends MatchReport to players of ended matches; each row is marked once it was sent, and due until then. Its keys are ids of accounts. */
@Injectable()
export class ReportCourier extends Courier {
  readonly counters = { sent: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    private readonly models: RulesModels,
    private readonly queues: QueueModels,
    @Inject(LOGGER) log: Logger,
  ) {
    super(PLAYERS_PER_BATCH, 'reports were not sent', log);
  }

  protected async work(accountIds: string[]): Promise<void> {
    const here = accountIds.filter((id) => this.registry.player(id)?.isOpen);
    if (here.length === 0) return;
    for (;;) {
      const { due, rules } = await this.read(here);
      const sent: PlayerInMatch[] = [];
      // All players of a match are told by one explanation.
      const told = new Map<string, ReportRules>();
      for await (const place of inTurns(due))
        if (this.send(place, rules.get(place.match.id), told)) sent.push(place);
      if (sent.length === 0) return;
      const rows = sent.map(({ match, player }) => ({ matchId: match.id, playerId: player.id }));
      await this.store.writeGrouped('reports sent', (tx) => matches.markReported(tx, rows));
      if (due.length < REPORTS_PER_READ) return;
    }
  }

  private read(
    accountIds: readonly string[],
  ): Promise<{ due: PlayerInMatch[]; rules: Map<string, JsonValue> }> {
    return this.store.read(async (tx) => {
      const elsewhere = await this.newest.playersElsewhere(tx, accountIds);
      const due = await matches.reportsDue(
        tx,
        accountIds.filter((id) => !elsewhere.has(id)),
        REPORTS_PER_READ,
      );
      const rules = new Map<string, JsonValue>();
      for (const { match } of due) {
        if (!rules.has(match.id)) rules.set(match.id, await matches.rulesOf(tx, match.id));
      }
      return { due, rules };
    });
  }

  /** True if it went out on the present connection, now or before. */
  private send(
    { match, player }: PlayerInMatch,
    rules: JsonValue | undefined,
    told: Map<string, ReportRules>,
  ): boolean {
    const connection = this.registry.player(player.accountId);
    if (!connection?.isOpen || !rules) return false;
    if (!this.told.first(connection, match.id)) return true;
    this.counters.sent += 1;
    const by = told.get(match.id) ?? this.rulesOf(match, rules);
    told.set(match.id, by);
    return connection.send(MsgType.MatchReport, matchReport(match, player, by));
  }

  private rulesOf(match: Match, stored: JsonValue): ReportRules {
    // The rules are the master's own: `rulesOf` wrote them when the match was made.
    const rules = stored as unknown as MatchRules & RatingCircumstances;
    const model = this.models.of(rules);
    const standing = this.queues.standing(match.queue) ?? standingRules(model, DEFAULT_RANKS);
    return {
      model,
      provisionalShare: standing.provisionalShare,
      explanation: explainMatch(match, model, rules),
    };
  }
}
