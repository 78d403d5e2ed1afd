import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  decodeCertificate,
  encodeCertificate,
  issueCertificate,
  masterKeyId,
  randomCertificateFields,
  type Certificate,
} from '@ranked/cert';
import { ensureKeys } from '@ranked/cert/files';
import { certificates, openStore, settings, type Store, type StoreTarget } from '@ranked/store';
import { MasterProcess } from './master-process.js';
import { PlayerApi } from './player-api.js';
import { freePorts } from './ports.js';

const CERTTOOL = fileURLToPath(new URL('../../../../apps/certtool/dist/main.js', import.meta.url));

export const QUEUES = `queues:
  - { name: duel, teams: 2, size: 1, window: { initial: 2000, perSecond: 100, max: 5000 } }
  - { name: squads, teams: 2, size: 2, window: { initial: 2000, perSecond: 100, max: 5000 }, readyCheck: { seconds: 30 } }
`;

/** A game server's certificate as its operator got it. */
export interface Issued {
  readonly name: string;
  readonly certificate: Certificate;
  /** The 133 bytes of the file. */
  readonly bytes: Uint8Array;
}

export interface WorldOptions {
  /** A PostgreSQL database; SQLite in the data directory unless said. */
  readonly databaseUrl?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly queues?: string;
}

/** A data directory, its keys, and one master after the other on the same ports and the same database. */
export class World {
  readonly directory: string;
  readonly dataDir: string;
  readonly ports: { readonly http: number; readonly s2s: number; readonly rdv: number };
  readonly target: StoreTarget;
  readonly databaseKey: Uint8Array;
  /** The master key with which this world began. */
  readonly masterKey: { readonly seed: Uint8Array; readonly publicKey: Uint8Array };
  readonly api: PlayerApi;
  readonly lives: MasterProcess[] = [];
  readonly #clients: { close(): Promise<void> }[] = [];
  readonly #env: Record<string, string>;

  private constructor(directory: string, ports: readonly number[], options: WorldOptions) {
    const [http = 0, s2s = 0, rdv = 0] = ports;
    this.directory = directory;
    this.dataDir = join(directory, 'data');
    this.ports = { http, s2s, rdv };
    this.api = new PlayerApi(http);
    const keys = ensureKeys(this.dataDir, {});
    this.databaseKey = keys.databaseKey;
    this.masterKey = keys.masterKey;
    const { databaseUrl } = options;
    this.target =
      databaseUrl === undefined
        ? { kind: 'sqlite', path: join(this.dataDir, 'ranked.sqlite') }
        : { kind: 'postgres', url: databaseUrl, poolSize: 2 };
    this.#env = {
      PATH: process.env['PATH'] ?? '',
      RANKED_DATA: this.dataDir,
      RANKED_QUEUES_FILE: join(directory, 'queues.yaml'),
      RANKED_HTTP_PORT: String(http),
      RANKED_S2S_PORT: String(s2s),
      RANKED_RDV_PORT: String(rdv),
      RANKED_LOGINS_PER_MINUTE: '10000',
      RANKED_LOGIN_BURST: '1000',
      // The players of these tests change their minds whenever they like, and go on at once.
      RANKED_COOLDOWN_MS: '0',
      ...(databaseUrl !== undefined && { RANKED_DATABASE: databaseUrl }),
      ...options.settings,
    };
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const directory = await mkdtemp(join(tmpdir(), 'ranked-conformance-'));
    await writeFile(join(directory, 'queues.yaml'), options.queues ?? QUEUES);
    return new World(directory, await freePorts(3), options);
  }

  /** The master that lives now, or the last that did. */
  get master(): MasterProcess {
    const last = this.lives.at(-1);
    if (!last) throw new Error('no master was started');
    return last;
  }

  /** Has this client closed with the world; it would try to connect for ever. */
  tie<T extends { close(): Promise<void> }>(client: T): T {
    this.#clients.push(client);
    return client;
  }

  /** Starts a master. It is not ready yet. @param settings over those of the world */
  launch(settings: Readonly<Record<string, string>> = {}): MasterProcess {
    const master = new MasterProcess({ ...this.#env, ...settings });
    this.lives.push(master);
    return master;
  }

  async start(): Promise<void> {
    await this.launch().ready();
  }

  /** Opens the database for as long as `use` takes; the master may live meanwhile. */
  async withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(this.target, { databaseKey: this.databaseKey, now: () => Date.now() });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  /** Runs certtool on this data directory; resolves to what it printed. Rejects unless it ended with status 0. */
  async certtool(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [CERTTOOL, ...args], { env: this.#env });
    return stdout;
  }

  /** A certificate as `certtool issue` makes it, without the cost of a process; dates in Unix seconds. */
  async issue(name: string, dates: { issuedAt?: number; expiresAt?: number } = {}): Promise<Issued> {
    const issuedAt = dates.issuedAt ?? Math.floor(Date.now() / 1000);
    const expiresAt = dates.expiresAt ?? issuedAt + 86_400;
    const { uuid, secret } = randomCertificateFields((count) => randomBytes(count));
    const certificate = issueCertificate({
      masterSeed: this.masterKey.seed,
      uuid,
      secret,
      issuedAt,
      expiresAt,
    });
    const keyId = masterKeyId(this.masterKey.publicKey);
    await this.withStore((store) =>
      store.writeGrouped('issue', async (tx) => {
        await settings.setMasterKeyId(tx, keyId);
        await certificates.insert(tx, { uuid, name, issuedAt, expiresAt, secret, masterKeyId: keyId });
      }),
    );
    return { name, certificate, bytes: encodeCertificate(certificate) };
  }

  /** The same by the program itself. */
  async issueWithCerttool(name: string): Promise<Issued> {
    const file = join(this.directory, `${name}.s2scert`);
    await this.certtool('issue', '--name', name, '--days', '1', '--out', file);
    const bytes = await readFile(file);
    return { name, certificate: decodeCertificate(bytes), bytes };
  }

  /** Ends whatever still runs and removes the directory. */
  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    for (const master of this.lives) if (master.alive) await master.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}
