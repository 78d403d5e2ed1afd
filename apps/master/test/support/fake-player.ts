import { createHash } from 'node:crypto';
import {
  MsgType,
  type JoinQueue,
  type MatchCancelled,
  type MatchFound,
  type MatchProposalState,
  type MatchProposed,
  type MatchReport,
  type PartyInvited,
  type PartyState,
  type PlayerMatchStarted,
  type ServiceNotice,
  type QueueStatus,
} from '@ranked/protocol';
import { ChannelContext } from '../../src/channel/channel-context.js';
import type { PlayerPeer } from '../../src/channel/peer.js';
import { PartyChannelController } from '../../src/parties/party-channel.controller.js';
import { QueueController } from '../../src/queueing/queue.controller.js';
import { FakeConnection, type Answer, type FakePeer } from './fake-connection.js';
import type { GameRig } from './game-rig.js';

/** A player with his game: connects, joins, and remembers what he was told. */
export class FakePlayer implements FakePeer {
  readonly ticketId: string;
  connection: FakeConnection<PlayerPeer> | undefined;
  readonly found: MatchFound[] = [];
  readonly started: PlayerMatchStarted[] = [];
  readonly cancelled: MatchCancelled[] = [];
  readonly reports: MatchReport[] = [];
  readonly proposed: MatchProposed[] = [];
  readonly proposalStates: MatchProposalState[] = [];
  readonly serviceNotices: ServiceNotice[] = [];
  readonly partyStates: PartyState[] = [];
  readonly invitations: PartyInvited[] = [];
  readonly statuses: QueueStatus[] = [];

  constructor(
    /** The node it is connected to, or connects to next. */
    public rig: GameRig,
    readonly accountId: string,
    readonly name: string,
  ) {
    this.ticketId = createHash('md5').update(accountId).digest('hex');
  }

  get isConnected(): boolean {
    return this.connection?.isOpen ?? false;
  }

  connect(): void {
    const peer: PlayerPeer = {
      kind: 'player',
      accountId: this.accountId,
      ticketId: this.ticketId,
      displayName: this.name,
      remoteAddress: '198.51.100.7',
      expiresAt: this.rig.clock.now() + 12 * 3_600_000,
    };
    const { clock, serverLog, registry, kill } = this.rig;
    this.connection = new FakeConnection(peer, clock.now(), serverLog, registry, this, kill).open();
  }

  disconnect(): void {
    this.connection?.end('ended');
  }

  /** The process at the other end is gone: nobody hears of it. */
  lose(): void {
    if (this.connection) this.connection.isOpen = false;
  }

  heartbeat(): void {
    this.controller.heartbeat({}, this.context());
  }

  async join(queue = 'duel', wishes: Omit<JoinQueue, 'queue'> = {}): Promise<void> {
    await this.controller.joinQueue({ queue, ...wishes }, this.context());
    await this.rig.idle();
  }

  async leave(): Promise<void> {
    await this.controller.leaveQueue({}, this.context());
    await this.rig.idle();
  }

  /** Answers a ready check: the one he was asked last, unless another is named. */
  async reply(accept: boolean, matchId = this.proposed.at(-1)?.matchId ?? ''): Promise<void> {
    await this.controller.matchAnswer({ matchId, accept }, this.context());
    await this.rig.idle();
  }

  /** Invites, and everybody hears of it. */
  async invite(player: FakePlayer): Promise<void> {
    await this.parties.invite({ player: player.accountId }, this.context());
    await this.rig.idle();
  }

  /** Takes up the latest invitation, or that into a party. */
  async accept(
    partyId = this.invitations.at(-1)?.partyId ?? '',
    wishes: Omit<JoinQueue, 'queue'> = {},
  ): Promise<void> {
    await this.parties.answer({ partyId, accept: true, ...wishes }, this.context());
    await this.rig.idle();
  }

  async decline(partyId = this.invitations.at(-1)?.partyId ?? ''): Promise<void> {
    await this.parties.answer({ partyId, accept: false }, this.context());
    await this.rig.idle();
  }

  async leaveParty(): Promise<void> {
    await this.parties.leave({}, this.context());
    await this.rig.idle();
  }

  async kick({ accountId }: FakePlayer): Promise<void> {
    await this.parties.kick({ id: accountId }, this.context());
    await this.rig.idle();
  }

  async promote({ accountId }: FakePlayer): Promise<void> {
    await this.parties.promote({ id: accountId }, this.context());
    await this.rig.idle();
  }

  /** His party as he was last told of it. */
  get party(): PartyState | undefined {
    return this.partyStates.at(-1);
  }

  receive(type: number, message: unknown): void {
    if (type === MsgType.MatchFound) {
      const found = message as MatchFound;
      this.expectAdmitted(found);
      this.found.push(found);
    } else if (type === MsgType.PlayerMatchStarted) this.started.push(message as PlayerMatchStarted);
    else if (type === MsgType.MatchCancelled) this.cancelled.push(message as MatchCancelled);
    else if (type === MsgType.MatchReport) this.reports.push(message as MatchReport);
    else if (type === MsgType.MatchProposed) this.proposed.push(message as MatchProposed);
    else if (type === MsgType.MatchProposalState) this.proposalStates.push(message as MatchProposalState);
    else if (type === MsgType.ServiceNotice) this.serviceNotices.push(message as ServiceNotice);
    else if (type === MsgType.PartyState) this.partyStates.push(message as PartyState);
    else if (type === MsgType.PartyInvited) this.invitations.push(message as PartyInvited);
    else if (type === MsgType.QueueStatus) this.statuses.push(message as QueueStatus);
    else throw new Error(`a player got message ${type}`);
  }

  answer(): Answer {
    throw new Error('players get no commands');
  }

  /** Allow before tell: whoever is told where to play must have been made known there, with this very token. */
  private expectAdmitted(found: MatchFound): void {
    const server = this.rig.servers.find((one) => one.port === found.port);
    if (!server?.wasTold(found.matchId, found.playerId, found.joinToken)) {
      this.rig.violations.push(`${this.name} was told of match ${found.matchId} before its server knew him`);
    }
  }

  private get controller(): QueueController {
    return this.rig.app.get(QueueController, { strict: false });
  }

  private get parties(): PartyChannelController {
    return this.rig.app.get(PartyChannelController, { strict: false });
  }

  private context(): ChannelContext<PlayerPeer> {
    if (!this.connection) throw new Error('the player is not connected');
    return new ChannelContext(this.connection.asConnection(), 1, this.rig.clock.now());
  }
}
