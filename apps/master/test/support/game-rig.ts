import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { writeMasterKey } from '@ranked/cert/files';
import { masterIdentity } from '@ranked/protocol';
import {
  accounts,
  certificates,
  matches,
  openStore,
  queue,
  sessions,
  settings,
  type Match,
  type Store,
  type StoreTarget,
} from '@ranked/store';
import { ChannelModule } from '../../src/channel/channel.module.js';
import { ConnectionRegistry } from '../../src/channel/connection-registry.js';
import { ClockModule } from '../../src/clock/clock.module.js';
import { SystemRandom } from '../../src/clock/clock.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { MasterConfig } from '../../src/config/master-config.js';
import { GameModule } from '../../src/game.module.js';
import { KeysModule } from '../../src/keys/keys.module.js';
import { MasterKeys } from '../../src/keys/master-keys.js';
import { createLogger, LoggingModule, type Logger } from '../../src/logging/logger.js';
import { Ticker, type TickSummary } from '../../src/matchmaking/ticker.js';
import { StoreModule } from '../../src/store/store.module.js';
import { FakePlayer } from './fake-player.js';
import { FakeServer } from './fake-server.js';
import { KillSwitch, killable } from './kill-switch.js';
import { LogSink } from './log-sink.js';
import { ManualClock } from './manual-clock.js';
import { tempDir } from './temp-dir.js';

const DATABASE_KEY = Buffer.alloc(32, 9);

export interface GameRigOptions {
  /** A fresh SQLite file unless given. */
  target?: StoreTarget;
  config?: Partial<MasterConfig>;
  /** Seconds of the queues' ready check; none unless given. */
  readySeconds?: number | undefined;
  /** Another node over the database of this one, with its clock and its peers, who may go from one to the other. */
  beside?: GameRig;
}

/**
 * The game part of the master over a real store, wired by its own modules. Only the connections are fake, the clock
 * stands still, and ticks come when the test says so. The part in memory can be killed and built again.
 */
export class GameRig {
  readonly clock: ManualClock;
  readonly log = new LogSink();
  readonly config: MasterConfig;
  readonly keys: MasterKeys;
  readonly players: FakePlayer[];
  readonly servers: FakeServer[];
  kill = new KillSwitch();
  /** What must never happen and did; empty at the end of every test. */
  readonly violations: string[] = [];
  /** Past the kill switch: what tests look at. */
  store!: Store;
  app!: INestApplicationContext;
  private readonly logger: Logger;

  private constructor(
    private readonly target: StoreTarget,
    config: Partial<MasterConfig>,
    { beside, readySeconds }: GameRigOptions,
  ) {
    this.clock = beside?.clock ?? new ManualClock();
    this.players = beside?.players ?? [];
    this.servers = beside?.servers ?? [];
    const directory = tempDir();
    const rating = { mu: 25, sigma: 25 / 3, beta: 25 / 6, tau: 25 / 300, drawProbability: 0.1 };
    const window = { initial: 10_000, perSecond: 0, max: 10_000 };
    const ranks = { provisional: 0.5 };
    const check = readySeconds === undefined ? {} : { readyCheck: { seconds: readySeconds } };
    this.config = Object.assign(
      new MasterConfig(),
      {
        dataDir: directory,
        nodeId: 'node-1',
        queues: [
          { name: 'duel', teams: 2, size: 1, rating, window, ranks, ...check },
          { name: 'team', teams: 2, size: 2, rating, window, ranks, ...check },
        ],
      },
      config,
    );
    const seed = randomBytes(32);
    const path = join(directory, 'master.key');
    writeMasterKey(path, seed);
    this.keys = beside?.keys ?? new MasterKeys(path);
    this.logger = createLogger('info', {}, this.log);
    if (!beside && !masterIdentity(seed).privateKey.equals(this.keys.current().privateKey))
      throw new Error('the key file is not the key');
  }

  static async start(options: GameRigOptions = {}): Promise<GameRig> {
    const { target, config = {}, beside } = options;
    const own: StoreTarget = { kind: 'sqlite', path: join(tempDir(), 'ranked.sqlite') };
    const rig = new GameRig(target ?? beside?.target ?? own, config, options);
    await rig.boot();
    await rig.store.write('master key', (tx) => settings.setMasterKeyId(tx, rig.keys.current().keyId));
    return rig;
  }

  /** A new process over the same database. */
  private async boot(): Promise<void> {
    this.kill = new KillSwitch();
    this.store = await openStore(this.target, { databaseKey: DATABASE_KEY, now: () => this.clock.now() });
    const module = await Test.createTestingModule({
      imports: [
        ConfigModule.with(this.config),
        ClockModule.with(this.clock, new SystemRandom()),
        LoggingModule.with(this.logger),
        StoreModule.with(killable(this.store, this.kill)),
        KeysModule.with(this.keys),
        ChannelModule,
        GameModule,
      ],
    }).compile();
    this.app = await module.init();
  }

  /** The process dies now, if it is not dead already, and another one starts. Everybody's connection is gone. */
  async restart(): Promise<void> {
    this.die();
    await this.store.close();
    await this.boot();
  }

  /** The process dies, and nothing comes after it. */
  die(): void {
    this.kill.kill();
    for (const peer of [...this.players, ...this.servers]) if (peer.rig === this) peer.lose();
  }

  async stop(): Promise<void> {
    this.die();
    await this.store.close();
  }

  get registry(): ConnectionRegistry {
    return this.app.get(ConnectionRegistry);
  }

  get serverLog(): Logger {
    return this.logger;
  }

  get ticker(): Ticker {
    return this.app.get(Ticker);
  }

  /** Time passes, then one tick, and all that follows from it. Peers that are there have said so in the meantime. */
  async tick(ms = this.config.tickMs): Promise<TickSummary> {
    this.clock.advance(ms);
    this.heartbeats();
    const summary = await this.ticker.tickOnce();
    await this.ticker.idle();
    return summary;
  }

  /** That much time passes, in ticks: all of them if they are few, else some twenty that are further apart. */
  async pass(ms: number): Promise<void> {
    const step = Math.max(this.config.tickMs, Math.ceil(ms / 20));
    for (let left = ms; left > 0; left -= step) await this.tick(Math.min(left, step));
  }

  /** Everything that was set off ends. */
  idle(): Promise<void> {
    return this.ticker.idle();
  }

  /** So long after its start that absence counts. */
  async settle(): Promise<void> {
    await this.ticker.tickOnce();
    this.clock.advance(Math.max(this.config.serverGraceMs, this.config.queueGraceMs));
  }

  /** Accounts that are logged in, not yet connected. */
  async accounts(count: number): Promise<FakePlayer[]> {
    const made = Array.from(
      { length: count },
      (_, i) => new FakePlayer(this, randomUUID(), `player ${this.players.length + i + 1}`),
    );
    await Promise.all(
      made.map(({ accountId, ticketId, name }) =>
        this.store.writeGrouped('login', async (tx) => {
          await accounts.create(tx, {
            id: accountId,
            username: `u${accountId}`,
            displayName: name,
            passwordHash: 'x',
          });
          await sessions.create(tx, {
            id: ticketId,
            accountId,
            accessDigest: createHash('sha256').update(ticketId).digest('hex'),
            ticketKey: randomBytes(32),
            expiresAt: this.clock.now() + 12 * 3_600_000,
          });
        }),
      ),
    );
    this.players.push(...made);
    return made;
  }

  /** Everybody who is connected says so. */
  heartbeats(): void {
    for (const peer of [...this.players, ...this.servers]) if (peer.isConnected) peer.heartbeat();
  }

  /** Connected players. */
  async connectedPlayers(count: number): Promise<FakePlayer[]> {
    const made = await this.accounts(count);
    for (const player of made) player.connect();
    await this.idle();
    return made;
  }

  /** Two connected players. */
  async pair(): Promise<[FakePlayer, FakePlayer]> {
    const [one, other] = await this.connectedPlayers(2);
    if (!one || !other) throw new Error('two players were asked for');
    return [one, other];
  }

  /** A game server with a certificate for so many days, connected unless said otherwise. */
  async server(
    name = `server-${this.servers.length + 1}`,
    { capacity = 10, connect = true, days = 1 } = {},
  ): Promise<FakeServer> {
    const id = randomUUID();
    const seconds = Math.floor(this.clock.now() / 1000);
    const { keyId } = this.keys.current();
    await this.store.writeGrouped('certificate', (tx) =>
      certificates.insert(tx, {
        uuid: id,
        name,
        issuedAt: seconds - 60,
        expiresAt: seconds + days * 86_400,
        secret: randomBytes(32),
        masterKeyId: keyId,
      }),
    );
    const server = new FakeServer(this, id, name, {
      capacity,
      port: 7_000 + this.servers.length,
      masterKeyId: keyId,
    });
    server.expiresAt = (seconds + days * 86_400) * 1000;
    this.servers.push(server);
    if (connect) server.connect();
    return server;
  }

  match(id: string): Promise<Match> {
    return this.store.read(async (tx) => {
      const match = await matches.byId(tx, id);
      if (!match) throw new Error(`no match ${id}`);
      return match;
    });
  }

  /** The live match of a player. */
  async liveMatch(player: FakePlayer): Promise<Match | undefined> {
    const live = await this.store.read((tx) => matches.liveForAccount(tx, player.accountId));
    return live?.match;
  }

  entry(player: FakePlayer): ReturnType<typeof queue.entryOf> {
    return this.store.read((tx) => queue.entryOf(tx, player.accountId));
  }

  /** Two players of a fresh duel in `ready`, both told. */
  async readyMatch(): Promise<{ players: [FakePlayer, FakePlayer]; match: Match; server: FakeServer }> {
    const players = await this.pair();
    for (const player of players) await player.join('duel');
    await this.tick();
    const match = await this.liveMatch(players[0]);
    if (match?.state !== 'ready') throw new Error(`the match is ${match?.state ?? 'not there'}`);
    return { players, match, server: this.serverOf(match) };
  }

  /** The same in `running`. */
  async runningMatch(): Promise<{ players: [FakePlayer, FakePlayer]; match: Match; server: FakeServer }> {
    const { players, match, server } = await this.readyMatch();
    await server.start(match.id);
    return { players, match: await this.match(match.id), server };
  }

  serverOf(match: Match): FakeServer {
    const server = this.servers.find((one) => one.id === match.serverId);
    if (!server) throw new Error('the match is on no server of this rig');
    return server;
  }
}
