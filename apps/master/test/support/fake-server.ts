import { createHash } from 'node:crypto';
import {
  MsgType,
  type CmdAllowPlayers,
  type CmdCancelMatch,
  type MatchResult,
  type ServerHeartbeat,
} from '@ranked/protocol';
import { ChannelContext } from '../../src/channel/channel-context.js';
import type { ServerPeer } from '../../src/channel/peer.js';
import { GameServerController } from '../../src/game-servers/game-server.controller.js';
import { FakeConnection, type Answer, type FakePeer } from './fake-connection.js';
import type { GameRig } from './game-rig.js';

/** A command that reached the server. */
export interface Command {
  type: number;
  message: unknown;
}

/** A game server with its memory of matches: it takes what it is given, unless the test says otherwise. */
export class FakeServer implements FakePeer {
  connection: FakeConnection<ServerPeer> | undefined;
  readonly commands: Command[] = [];
  /** The matches it holds. */
  readonly held = new Map<string, CmdAllowPlayers>();
  private readonly told = new Set<string>();
  /** What it does with a command instead of taking it. */
  policy: (command: Command) => Answer | undefined = () => undefined;
  /** Members of its heartbeat that are not as they should be. */
  claims: Partial<ServerHeartbeat> = {};
  readonly port: number;
  expiresAt: number;

  constructor(
    /** The node it is connected to, or connects to next. */
    public rig: GameRig,
    readonly id: string,
    readonly name: string,
    private readonly facts: { capacity: number; port: number; masterKeyId: string },
  ) {
    this.port = facts.port;
    this.expiresAt = (Math.floor(rig.clock.now() / 1000) + 86_400) * 1000;
  }

  get isConnected(): boolean {
    return this.connection?.isOpen ?? false;
  }

  /** Connects and sends its first heartbeat. */
  connect(): void {
    const peer: ServerPeer = {
      kind: 'server',
      certificateId: this.id,
      name: this.name,
      publicHost: null,
      remoteAddress: '203.0.113.5',
      masterKeyId: this.facts.masterKeyId,
      expiresAt: this.expiresAt,
    };
    const { clock, serverLog, registry, kill } = this.rig;
    this.connection = new FakeConnection(peer, clock.now(), serverLog, registry, this, kill).open();
    this.heartbeat();
  }

  disconnect(): void {
    this.connection?.end('ended');
  }

  /** Ends and forgets everything, as a process does that crashed. */
  crash(): void {
    this.disconnect();
    this.held.clear();
  }

  /** The process at the other end is gone: nobody hears of it. */
  lose(): void {
    if (this.connection) this.connection.isOpen = false;
  }

  heartbeat(): void {
    const heartbeat: ServerHeartbeat = {
      name: this.name,
      port: this.port,
      region: 'eu',
      build: '1',
      capacity: this.facts.capacity,
      players: 0,
      accepting: true,
      matches: [...this.held.keys()],
      ...this.claims,
    };
    this.controller.heartbeat(heartbeat, this.context());
  }

  async start(matchId: string): Promise<void> {
    await this.controller.matchStarted({ matchId }, this.context());
    await this.rig.idle();
  }

  /** Reports a result, by default the truth about the roster with these ranks. The match is dropped once it is acknowledged. */
  async result(matchId: string, ranks: number[] = [0, 1], claims: Partial<MatchResult> = {}): Promise<void> {
    const allowed = this.held.get(matchId);
    const players = (allowed?.teams.flat() ?? []).map(({ id }) => ({ id }));
    await this.send({ matchId, durationMs: 0, teams: ranks.map((rank) => ({ rank })), players, ...claims });
    this.held.delete(matchId);
  }

  /** Sends any result at all. */
  async send(result: MatchResult): Promise<void> {
    await this.controller.matchResult(result, this.context());
    await this.rig.idle();
  }

  log(message: string): void {
    this.controller.logWarn({ message }, this.context());
  }

  receive(type: number): void {
    throw new Error(`a server got message ${type} without a wish for an Ack`);
  }

  answer(type: number, message: unknown): Answer {
    const command = { type, message };
    this.commands.push(command);
    const other = this.policy(command);
    if (other !== undefined) return other;
    if (type === MsgType.CmdAllowPlayers) {
      const allow = message as CmdAllowPlayers;
      this.held.set(allow.matchId, allow);
      for (const { id, tokenDigest } of allow.teams.flat())
        this.told.add(`${allow.matchId} ${id} ${tokenDigest}`);
    } else if (type === MsgType.CmdCancelMatch) this.held.delete((message as CmdCancelMatch).matchId);
    return { ok: true };
  }

  /** Whether a player who shows this token would be let in. */
  admits(matchId: string, playerId: string, joinToken: string): boolean {
    const player = this.held
      .get(matchId)
      ?.teams.flat()
      .find(({ id }) => id === playerId);
    return player?.tokenDigest === digestOf(joinToken);
  }

  /** Whether it ever acknowledged this token, even if it has forgotten it since. */
  wasTold(matchId: string, playerId: string, joinToken: string): boolean {
    return this.told.has(`${matchId} ${playerId} ${digestOf(joinToken)}`);
  }

  /** Commands of one type. */
  got<T = unknown>(type: number): T[] {
    return this.commands.filter((command) => command.type === type).map((command) => command.message as T);
  }

  private get controller(): GameServerController {
    return this.rig.app.get(GameServerController, { strict: false });
  }

  private context(): ChannelContext<ServerPeer> {
    if (!this.connection) throw new Error('the server is not connected');
    return new ChannelContext(this.connection.asConnection(), 1, this.rig.clock.now());
  }
}

function digestOf(joinToken: string): string {
  return createHash('sha256').update(Buffer.from(joinToken, 'base64url')).digest('hex');
}
