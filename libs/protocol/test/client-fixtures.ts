import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { encodeCertificate, issueCertificate, randomCertificateFields } from '@ranked/cert';
import { ProtocolError } from '../src/errors.js';
import { GameServerClient } from '../src/client/game-server-client.js';
import type { CommandHandlers, GameServerClientOptions } from '../src/client/game-server-client.js';
import type { Disconnected } from '../src/client/channel.js';
import { PlayerClient } from '../src/client/player-client.js';
import type { PlayerClientOptions } from '../src/client/player-client.js';
import { ticketAuthKey } from '../src/handshake/credential.js';
import type { MatchResult, ServerHeartbeat } from '../src/messages/index.js';
import { MsgType } from '../src/msg-type.js';
import { ManualRuntime } from './client-manual-runtime.js';
import { MASTER_SEED, TestMaster, type Received, type TestConnection } from './client-test-master.js';

export const HEARTBEAT: ServerHeartbeat = {
  name: 'test-1',
  port: 27_015,
  region: 'eu',
  build: '1',
  capacity: 4,
  players: 0,
  accepting: true,
  matches: [],
};

export function matchId(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

export function result(n: number, durationMs = 1000): MatchResult {
  return { matchId: matchId(n), durationMs, teams: [{ rank: 0 }, { rank: 1 }], players: [] };
}

export const NO_HANDLERS: CommandHandlers = {
  [MsgType.CmdForceStart]: () => undefined,
  [MsgType.CmdCancelMatch]: () => undefined,
  [MsgType.CmdKickPlayer]: () => undefined,
  [MsgType.CmdShutdown]: () => undefined,
  [MsgType.CmdAllowPlayers]: () => undefined,
};

/** Valid for a day around the moment at which the manual clock begins. */
export const CERTIFICATE = issueCertificate({
  masterSeed: MASTER_SEED,
  ...randomCertificateFields((n) => randomBytes(n)),
  issuedAt: new ManualRuntime().time / 1000 - 43_200,
  expiresAt: new ManualRuntime().time / 1000 + 43_200,
});

/** A master and a game server that knows it, both on one manual clock. */
export class ServerStage {
  readonly runtime = new ManualRuntime();
  readonly clients: { close(): Promise<void> }[] = [];
  master!: TestMaster<'S2S'>;

  async open(): Promise<this> {
    this.master = await TestMaster.listen('S2S', () => this.runtime.time);
    this.master.conduct.known = { auth: CERTIFICATE.secret, revoked: false };
    return this;
  }

  client(options: Partial<GameServerClientOptions> = {}): GameServerClient {
    const client = new GameServerClient({
      host: '127.0.0.1',
      port: this.master.port,
      certificate: encodeCertificate(CERTIFICATE),
      heartbeat: () => HEARTBEAT,
      handlers: NO_HANDLERS,
      runtime: this.runtime,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  async connected(options: Partial<GameServerClientOptions> = {}) {
    const client = this.client(options);
    const ready = client.connect();
    const connection = await this.master.established.next();
    await ready;
    return { client, connection };
  }

  async close(): Promise<void> {
    this.master.conduct.answersClose = true;
    await endAll(this.clients, this.runtime);
    await this.master.stop();
  }
}

/** A master and a player whose ticket it knows. */
export class PlayerStage {
  readonly runtime = new ManualRuntime();
  readonly clients: { close(): Promise<void> }[] = [];
  readonly ticket = randomBytes(32);
  readonly ticketId = randomBytes(16);
  master!: TestMaster<'RDV'>;

  async open(): Promise<this> {
    this.master = await TestMaster.listen('RDV', () => this.runtime.time);
    this.master.conduct.known = { auth: ticketAuthKey(this.ticket), revoked: false };
    return this;
  }

  client(options: Partial<PlayerClientOptions> = {}): PlayerClient {
    const client = new PlayerClient({
      host: '127.0.0.1',
      port: this.master.port,
      ticketId: this.ticketId.toString('hex'),
      ticket: this.ticket.toString('base64url'),
      runtime: this.runtime,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  async connected(options: Partial<PlayerClientOptions> = {}) {
    const client = this.client(options);
    const ready = client.connect();
    const connection = await this.master.established.next();
    await ready;
    return { client, connection };
  }

  async close(): Promise<void> {
    await endAll(this.clients, this.runtime);
    await this.master.stop();
  }
}

async function endAll(clients: readonly { close(): Promise<void> }[], runtime: ManualRuntime): Promise<void> {
  const closed = clients.map((client) => client.close());
  runtime.advance(1000);
  await Promise.all(closed);
}

/** Waits for the loss of a connection, then for the one that follows. */
export async function reconnected<C extends GameServerClient | PlayerClient, T>(
  client: C,
  stage: {
    readonly runtime: ManualRuntime;
    readonly master: { readonly established: { next(): Promise<T> } };
  },
): Promise<T> {
  const { retryInMs } = await disconnected(client);
  stage.runtime.advance(retryInMs);
  return stage.master.established.next();
}

export async function disconnected(client: GameServerClient | PlayerClient): Promise<Disconnected> {
  const [event] = (await once(client, 'disconnected')) as [Disconnected];
  return event;
}

/** Lets everything happen that is already on its way inside this process: promises and the end of the turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Type and match of a message. */
export const summary = ({ type, value }: Received) => [type, (value as { matchId: string }).matchId];

/** The next messages of a connection. */
export async function take(connection: TestConnection<'S2S'>, count: number): Promise<Received[]> {
  const taken: Received[] = [];
  while (taken.length < count) taken.push(await connection.next());
  return taken;
}

/** The code with which a promise rejects. */
export function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof ProtocolError ? error.code : String(error)),
  );
}
