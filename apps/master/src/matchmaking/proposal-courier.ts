import { Inject, Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { matchProposals, type Match, type MatchPlayer, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { teamsOf } from './allow-message.js';
import { Courier } from './courier.js';
import { inTurns } from './in-turns.js';
import { NewestConnections } from './newest-connections.js';

/** Matches looked at in one batch. */
const MATCHES_PER_BATCH = 128;

/** A check of which a player here was told. */
interface OpenCheck {
  readonly accountIds: readonly string[];
  /** How many had accepted when its players were told last. */
  accepted: number;
}

/**
 * Asks players whether they are ready: those of matches in `checking`, once per connection, so that who comes back is asked
 * again. Later it tells them how many have accepted, at most once per tick. Its keys are ids of matches.
 */
@Injectable()
export class ProposalCourier extends Courier {
  readonly counters = { proposed: 0, states: 0 };
  /** At most one per player who is connected here: he is asked about one match at a time. */
  private readonly open = new Map<string, OpenCheck>();

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    @Inject(LOGGER) log: Logger,
  ) {
    super(MATCHES_PER_BATCH, 'players were not asked whether they are ready', log);
  }

  /** Tells players here how many have accepted, where that has changed, whoever took the answers. */
  async follow(): Promise<void> {
    if (this.open.size === 0) return;
    const ids = [...this.open.keys()];
    const accepted = await this.store.read((tx) => matchProposals.accepted(tx, ids));
    for await (const matchId of inTurns(ids)) {
      const check = this.open.get(matchId);
      const now = accepted.get(matchId);
      if (now === undefined) this.open.delete(matchId);
      else if (check && check.accepted !== now) {
        check.accepted = now;
        this.tellState(matchId, check);
      }
    }
  }

  protected async work(matchIds: string[]): Promise<void> {
    const checks = await this.store.read(async (tx) => {
      const open = await matchProposals.open(tx, matchIds);
      const accountIds = open.flatMap(({ players }) => players.map(({ accountId }) => accountId));
      const elsewhere = await this.newest.playersElsewhere(tx, accountIds);
      return open.map((match) => ({
        match,
        here: match.players.filter((one) => this.isHere(one, elsewhere)),
      }));
    });
    // Before they are told: who leaves at the very moment in which he is asked has known of the match.
    const asked = checks.flatMap(({ match, here }) =>
      here
        .filter((player) => player.proposedAt === null)
        .map((player) => ({ matchId: match.id, playerId: player.id })),
    );
    if (asked.length > 0)
      await this.store.writeGrouped('players asked', (tx) => matchProposals.markProposed(tx, asked));
    for await (const { match, here } of inTurns(checks)) {
      const accepted = match.players.filter((player) => player.answer === true).length;
      if (here.length > 0 && !this.open.has(match.id)) {
        this.open.set(match.id, { accountIds: match.players.map(({ accountId }) => accountId), accepted });
      }
      for (const player of here) this.propose(match, player, accepted);
    }
  }

  private isHere({ accountId }: MatchPlayer, elsewhere: ReadonlySet<string>): boolean {
    return this.registry.player(accountId)?.isOpen === true && !elsewhere.has(accountId);
  }

  private propose(match: Match, player: MatchPlayer, accepted: number): void {
    const connection = this.registry.player(player.accountId);
    if (!connection?.isOpen || !this.told.first(connection, `${match.id} proposed`)) return;
    this.counters.proposed += 1;
    connection.send(MsgType.MatchProposed, {
      matchId: match.id,
      queue: match.queue,
      teams: teamsOf(match).map((team) => team.length),
      expiresAt: match.reserveExpiresAt,
      answered: player.answer === true,
      accepted,
    });
  }

  private tellState(matchId: string, { accountIds, accepted }: OpenCheck): void {
    for (const accountId of accountIds) {
      const connection = this.registry.player(accountId);
      if (!connection?.isOpen) continue;
      this.counters.states += 1;
      connection.send(MsgType.MatchProposalState, { matchId, accepted, players: accountIds.length });
    }
  }
}
