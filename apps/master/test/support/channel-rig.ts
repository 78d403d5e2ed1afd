import { randomBytes, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { publicPart, signedBytes } from '@ranked/cert';
import { writeMasterKey } from '@ranked/cert/files';
import { ChallengeCache, masterIdentity, ticketAuthKey, ticketCredential } from '@ranked/protocol';
import type { Authenticator, FoundCredential } from '../../src/channel/authenticator.js';
import type { ChannelSettings, DoorAddress } from '../../src/channel/channel-settings.js';
import { ChannelStrategy } from '../../src/channel/channel-strategy.js';
import { connectChannels } from '../../src/channel/connect-channels.js';
import type { Connection } from '../../src/channel/connection.js';
import { ConnectionRegistry } from '../../src/channel/connection-registry.js';
import { HandshakeLimits } from '../../src/channel/handshake-limits.js';
import type { Peer, PlayerPeer, ServerPeer } from '../../src/channel/peer.js';
import { SystemRandom } from '../../src/clock/clock.js';
import { MasterKeys } from '../../src/keys/master-keys.js';
import { createLogger } from '../../src/logging/logger.js';
import { HandlerScript, PlayerHandlers, ServerHandlers } from './channel-handlers.js';
import { ManualClock } from './manual-clock.js';
import { RawPeer, type Credential } from './raw-peer.js';

/** The channel's settings as they are by default. */
export const DEFAULT_SETTINGS: ChannelSettings = {
  heartbeatMs: 5_000,
  handshakeTimeoutMs: 5_000,
  frameTimeoutMs: 10_000,
  driftMs: 120_000,
  closeTimeoutMs: 1_000,
  stallTimeoutMs: 10_000,
  maxConnections: 20_000,
  maxUnauthenticated: 512,
  maxUnauthenticatedPerAddress: 16,
  handshakesPerSecond: 50,
  handshakeBurst: 200,
  mailboxMessages: 256,
  messagesPerSecond: 200,
  messageBurst: 1_000,
  writeQueueBytes: 1_048_576,
};

const ANYWHERE: DoorAddress = { host: '127.0.0.1', port: 0 };

type Row<P extends Peer> = Omit<FoundCredential<P>, 'peerAt'> & { peer: Omit<P, 'remoteAddress'> };

/** Credentials in memory, in place of a database. */
export class MemoryAuthenticator<P extends Peer> implements Authenticator<P> {
  readonly rows = new Map<string, Row<P>>();
  /** How often a look-up was made. */
  finds = 0;
  /** If set, look-ups wait for it. */
  gate: Promise<void> | undefined;

  async find(id: string): Promise<FoundCredential<P> | undefined> {
    this.finds += 1;
    await this.gate;
    const row = this.rows.get(id);
    return row && { ...row, peerAt: (remoteAddress) => ({ ...row.peer, remoteAddress }) as P };
  }

  async isStillValid(peer: P): Promise<boolean> {
    await this.gate;
    const row = this.rows.get(peer.kind === 'server' ? peer.certificateId : peer.ticketId);
    return row !== undefined && !row.revoked && !row.banned;
  }

  /** Changes a row, as an operator would. */
  change(id: string, fields: Partial<Row<P>>): void {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, ...fields });
  }
}

/** Both doors on real sockets under Nest, with the clock, the credentials and the handlers in the test's hand. */
export class ChannelRig {
  readonly clock = new ManualClock();
  readonly script = new HandlerScript();
  readonly servers = new MemoryAuthenticator<ServerPeer>();
  readonly players = new MemoryAuthenticator<PlayerPeer>();
  readonly registry = new ConnectionRegistry();
  /** What the registry told its listeners. */
  readonly closes: { connection: Connection; cause: string; replaced: boolean }[] = [];
  readonly logLines: Record<string, unknown>[] = [];
  readonly masterSeed = randomBytes(32);
  readonly settings: ChannelSettings;
  readonly s2s: ChannelStrategy<ServerPeer>;
  readonly rdv: ChannelStrategy<PlayerPeer>;
  readonly #directory = mkdtempSync(join(tmpdir(), 'ranked-channel-'));
  readonly #peers: RawPeer[] = [];
  #app: INestApplication | undefined;

  private constructor(settings: Partial<ChannelSettings>, s2sAddress: DoorAddress) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    const { clock, registry } = this;
    const path = join(this.#directory, 'master.key');
    writeMasterKey(path, this.masterSeed);
    const parts = {
      registry,
      limits: new HandshakeLimits(this.settings, clock),
      challenges: new ChallengeCache({ now: () => clock.now() }),
      settings: this.settings,
      keys: new MasterKeys(path),
      clock,
      random: new SystemRandom(),
      log: createLogger(
        'info',
        {},
        { write: (line) => void this.logLines.push(JSON.parse(line) as Record<string, unknown>) },
      ),
    };
    this.s2s = new ChannelStrategy({ ...parts, service: 'S2S', authenticator: this.servers }, s2sAddress);
    this.rdv = new ChannelStrategy({ ...parts, service: 'RDV', authenticator: this.players }, ANYWHERE);
    registry.onClose((connection, cause, replaced) => this.closes.push({ connection, cause, replaced }));
  }

  /** The two doors, not yet opened. */
  static make(settings: Partial<ChannelSettings> = {}, s2sAddress: DoorAddress = ANYWHERE): ChannelRig {
    return new ChannelRig(settings, s2sAddress);
  }

  /** Opens both doors. Rejects with what Nest's start rejects with. */
  static async start(
    settings: Partial<ChannelSettings> = {},
    controllers: Type[] = [ServerHandlers, PlayerHandlers],
  ): Promise<ChannelRig> {
    const rig = ChannelRig.make(settings);
    const app = await NestFactory.create(rigModule(rig.script, controllers), { logger: false });
    connectChannels(app, rig);
    rig.#app = app;
    try {
      await app.startAllMicroservices();
    } catch (error) {
      await rig.stop();
      throw error;
    }
    return rig;
  }

  async stop(): Promise<void> {
    for (const peer of this.#peers) peer.socket.destroy();
    await this.#app?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Moves the clock and enforces the time-outs of both doors. */
  pass(ms: number): void {
    this.clock.advance(ms);
    this.s2s.sweep();
    this.rdv.sweep();
  }

  get publicKey(): Uint8Array {
    const { x = '' } = masterIdentity(this.masterSeed).publicKey.export({ format: 'jwk' });
    return Buffer.from(x, 'base64url');
  }

  /** A game server that the master knows. */
  serverCredential(
    name = 'eu-1',
    { life = 3600, seed = this.masterSeed }: { life?: number; seed?: Buffer } = {},
  ): Credential & { id: string } {
    const now = Math.floor(this.clock.now() / 1000);
    const fields = {
      uuid: randomUUID(),
      issuedAt: now - 600,
      expiresAt: now + life,
      secret: randomBytes(32),
    };
    // What issueCertificate does, in a hundredth of its time.
    const signature = sign(null, signedBytes(fields), masterIdentity(seed).privateKey);
    const certificate = { ...fields, signature };
    const { uuid: certificateId, expiresAt } = certificate;
    this.servers.rows.set(certificateId, {
      auth: certificate.secret,
      revoked: false,
      maintenance: false,
      peer: {
        kind: 'server',
        certificateId,
        name,
        publicHost: null,
        masterKeyId: 'key',
        expiresAt: expiresAt * 1000,
      },
    });
    return {
      service: 'S2S',
      auth: certificate.secret,
      credential: publicPart(certificate),
      id: certificateId,
    };
  }

  /** A player that the master knows. */
  playerCredential(displayName = 'Ann', accountId: string = randomUUID()): Credential & { id: string } {
    const ticket = randomBytes(32);
    const ticketId = randomBytes(16);
    const id = ticketId.toString('hex');
    const expiresAt = this.clock.now() + 3_600_000;
    this.players.rows.set(id, {
      auth: ticketAuthKey(ticket),
      revoked: false,
      expiresAt,
      banned: false,
      maintenance: false,
      peer: { kind: 'player', accountId, ticketId: id, displayName, expiresAt },
    });
    return { service: 'RDV', auth: ticketAuthKey(ticket), credential: ticketCredential(ticketId), id };
  }

  /** A TCP connection to the door that the credential is for, or to the other one. */
  async dial(
    credential: Credential,
    options: { door?: 'S2S' | 'RDV'; from?: string } = {},
  ): Promise<RawPeer> {
    const door = options.door ?? credential.service;
    const { port } = (door === 'S2S' ? this.s2s : this.rdv).address();
    return this.dialPort(port, credential, options.from);
  }

  /** A TCP connection to any port. */
  async dialPort(port: number, credential: Credential, from?: string): Promise<RawPeer> {
    const peer = await RawPeer.dial(port, credential, this.clock, from);
    this.#peers.push(peer);
    return peer;
  }

  /** A connected, authenticated peer. */
  async enter(credential: Credential, from?: string): Promise<RawPeer> {
    const peer = await this.dial(credential, from === undefined ? {} : { from });
    await peer.enter();
    return peer;
  }

  /**
   * Waits until the master has read what was sent so far on any connection: a player's handshake, which is begun now, is
   * over, so whatever was in the sockets before has been read in the same turns or earlier ones.
   */
  async settle(): Promise<void> {
    const before = await this.enter(this.playerCredential());
    const after = await this.enter(this.playerCredential());
    before.socket.destroy();
    after.socket.destroy();
    await this.until(() => this.registry.playerCount === 0);
    this.closes.splice(0);
  }

  /** Waits, turn by turn of the event loop, until something has come true. The test's own time limit ends it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise((resolve) => setImmediate(resolve));
  }
}

function rigModule(script: HandlerScript, controllers: Type[]): DynamicModule {
  return {
    module: RigModule,
    controllers,
    providers: [{ provide: HandlerScript, useValue: script }],
  };
}

@Module({})
class RigModule {}
