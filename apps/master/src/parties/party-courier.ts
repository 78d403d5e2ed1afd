import { Inject, Injectable } from '@nestjs/common';
import { MsgType } from '@ranked/protocol';
import { parties, type PartyView, type Store } from '@ranked/store';
import type { Connection } from '../channel/connection.js';
import type { PlayerPeer } from '../channel/peer.js';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { Batcher } from '../matchmaking/batcher.js';
import { Courier } from '../matchmaking/courier.js';
import { inTurns } from '../matchmaking/in-turns.js';
import { NewestConnections } from '../matchmaking/newest-connections.js';
import { STORE } from '../store/store.module.js';
import { PartyBoard } from './party-board.js';
import { endMessage, invitedMessage, stateMessage } from './party-messages.js';

/** Parties read at once. */
const PARTIES_PER_BATCH = 200;
/** Players whose parties are looked for at once. */
const PLAYERS_PER_BATCH = 500;

/**
 * Tells the players connected here how their parties stand and who invites them, from the rows, whoever changed them. Its keys are
 * ids of parties. Those who come are told anew.
 */
@Injectable()
export class PartyCourier extends Courier {
  readonly counters = { states: 0, ends: 0, invites: 0 };
  private readonly players: Batcher<string>;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly newest: NewestConnections,
    private readonly board: PartyBoard,
    @Inject(LOGGER) log: Logger,
  ) {
    super(PARTIES_PER_BATCH, 'players were not told of their party', log);
    this.players = new Batcher(
      async (ids) => this.tell(await store.read((tx) => parties.concerning(tx, ids))),
      PLAYERS_PER_BATCH,
      (err) => log.error({ err }, 'the parties of players were not found'),
    );
    registry.onOpen(({ peer }) => {
      if (peer.kind === 'player') this.players.add([peer.accountId]);
    });
  }

  /** Looks at the parties of these players, and at those that invite them. */
  tellPlayers(accountIds: Iterable<string>): void {
    this.players.add(accountIds);
  }

  override kick(): void {
    this.players.kick();
    super.kick();
  }

  override async idle(): Promise<void> {
    await this.players.idle();
    await super.idle();
  }

  protected async work(partyIds: string[]): Promise<void> {
    const { views, elsewhere } = await this.store.read(async (tx) => {
      const found = await parties.byIds(tx, partyIds);
      const concerned = found.flatMap(({ members, invites }) =>
        [...members, ...invites].map(({ accountId }) => accountId),
      );
      const told = partyIds.flatMap((id) => this.board.toldOf(id));
      return {
        views: new Map(found.map((party) => [party.id, party])),
        elsewhere: await this.newest.playersElsewhere(tx, new Set([...concerned, ...told])),
      };
    });
    const here = (accountId: string): Connection<PlayerPeer> | undefined => {
      const connection = this.registry.player(accountId);
      return connection?.isOpen && !elsewhere.has(accountId) ? connection : undefined;
    };
    for await (const id of inTurns(partyIds)) this.push(id, views.get(id), here);
  }

  private push(
    partyId: string,
    party: PartyView | undefined,
    here: (accountId: string) => Connection<PlayerPeer> | undefined,
  ): void {
    const members = new Set(party?.members.map(({ accountId }) => accountId));
    for (const accountId of this.board.toldOf(partyId)) {
      const connection = members.has(accountId) ? undefined : here(accountId);
      if (connection === undefined) continue;
      this.board.tellEnd(connection, accountId);
      this.counters.ends += 1;
      connection.send(MsgType.PartyState, endMessage(partyId, party?.note ?? 'The party has ended.'));
    }
    if (party === undefined) return;
    const state = stateMessage(party);
    for (const accountId of members) {
      const connection = here(accountId);
      if (!connection || !this.board.tell(connection, accountId, { partyId, version: party.version }))
        continue;
      this.counters.states += 1;
      connection.send(MsgType.PartyState, state);
    }
    for (const invite of party.invites) {
      const connection = invite.hidden ? undefined : here(invite.accountId);
      if (!connection || !this.told.first(connection, `${partyId} ${invite.expiresAt}`)) continue;
      this.counters.invites += 1;
      connection.send(MsgType.PartyInvited, invitedMessage(party, invite));
    }
  }
}
