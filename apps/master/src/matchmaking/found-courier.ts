import { Inject, Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { matchDeliveries, type FoundNotice, type Match, type MatchPlayer, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { STORE } from '../store/store.module.js';
import { teamsOf } from './allow-message.js';
import { Courier } from './courier.js';
import { inTurns } from './in-turns.js';
import { JoinTokens } from './join-tokens.js';
import { readyUntil } from './deadlines.js';
import { NewestConnections } from './newest-connections.js';

/** Matches looked at in one batch. */
const MATCHES_PER_BATCH = 128;

/**
 * Tells players where to play: those of a `ready` or `running` match whose server has acknowledged their present join
 * token. A player who is not connected is told when he comes, with a new token. Its keys are ids of matches.
 */
@Injectable()
export class FoundCourier extends Courier {
  readonly counters = { sent: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    private readonly tokens: JoinTokens,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
    @Inject(LOGGER) log: Logger,
  ) {
    super(MATCHES_PER_BATCH, 'players were not told of their match', log);
  }

  protected async work(matchIds: string[]): Promise<void> {
    const { matches, addresses, elsewhere } = await this.store.read(async (tx) => {
      const due = await matchDeliveries.foundDue(tx, matchIds);
      return {
        matches: due,
        elsewhere: await this.newest.playersElsewhere(
          tx,
          due.flatMap(({ players }) => players.map(({ accountId }) => accountId)),
        ),
        addresses: await matchDeliveries.addressesOf(tx, [...new Set(due.map((match) => match.serverId))]),
      };
    });
    const sent: FoundNotice[] = [];
    for await (const match of inTurns(matches)) {
      const address = addresses.get(match.serverId);
      if (!address) continue;
      const teams = teamsOf(match).map((team) => team.map((player) => player.name));
      for (const player of match.players) {
        if (player.foundSentAt !== null || player.allowedGeneration !== player.tokenGeneration) continue;
        if (elsewhere.has(player.accountId)) continue;
        if (this.send(match, player, teams, address)) {
          sent.push({ matchId: match.id, playerId: player.id, generation: player.tokenGeneration });
        }
      }
    }
    if (sent.length > 0)
      await this.store.writeGrouped('players told', (tx) => matchDeliveries.markFoundSent(tx, sent));
  }

  /** True if it went out on the present connection, now or before. */
  private send(
    match: Match,
    player: MatchPlayer,
    teams: string[][],
    address: { host: string; port: number },
  ): boolean {
    const connection = this.registry.player(player.accountId);
    if (!connection?.isOpen) return false;
    const generation = player.tokenGeneration;
    if (!this.told.first(connection, `${match.id} ${match.attempt} ${generation}`)) return true;
    this.counters.sent += 1;
    const sent = connection.send(MsgType.MatchFound, {
      matchId: match.id,
      queue: match.queue,
      host: address.host,
      port: address.port,
      joinToken: this.tokens.token({
        matchId: match.id,
        attempt: match.attempt,
        playerId: player.id,
        generation,
      }),
      playerId: player.id,
      team: player.team,
      teams,
      // Who comes back to a match that runs has as long to get there as he had at first.
      expiresAt:
        match.state === 'running' ? readyUntil(this.config, this.clock.now()) : match.reserveExpiresAt,
    });
    if (match.state === 'running' && match.startedAt !== null) {
      connection.send(MsgType.PlayerMatchStarted, { matchId: match.id, startedAt: match.startedAt });
    }
    return sent;
  }
}
