import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram, runProgram } from './child-program.js';
import type { ServerAccount } from './audit.js';
import type { DemoOptions } from './options.js';
import type { GameServerSettings } from './game-server.js';
import { MasterApi } from './master-api.js';
import { freePorts } from './ports.js';

const ROOT = join(fileURLToPath(import.meta.url), '../../../..');
const MASTER = join(ROOT, 'apps/master/dist/main.js');
const CERTTOOL = join(ROOT, 'apps/certtool/dist/main.js');
const GAME_SERVER = fileURLToPath(new URL('./game-server.js', import.meta.url));

const QUEUES = `queues:
  - name: duel
    teams: 2
    size: 1
    window: { initial: 200, perSecond: 100, max: 2000 }
  - name: squads
    teams: 2
    size: 2
    window: { initial: 200, perSecond: 100, max: 2000 }
    readyCheck: { seconds: 10 }
`;

/** The processes of a demo: one master and its game servers, on free ports of the loopback, with a folder of their own. */
export class World {
  readonly directory: string;
  readonly api: MasterApi;
  readonly servers: ChildProgram[] = [];
  readonly #env: NodeJS.ProcessEnv;
  readonly #s2sPort: number;
  readonly #accounts: ServerAccount[] = [];
  readonly #onFailure: (why: string) => void;
  #master: ChildProgram | undefined;

  private constructor(directory: string, ports: [number, number, number], onFailure: (why: string) => void) {
    const [http, s2s, rdv] = ports;
    this.directory = directory;
    this.#s2sPort = s2s;
    this.#onFailure = onFailure;
    this.api = new MasterApi('127.0.0.1', http);
    this.#env = {
      PATH: process.env['PATH'],
      RANKED_DATA: join(directory, 'data'),
      RANKED_QUEUES_FILE: join(directory, 'queues.yaml'),
      RANKED_HTTP_PORT: String(http),
      RANKED_S2S_PORT: String(s2s),
      RANKED_RDV_PORT: String(rdv),
      // All players of a demo come from one address; the limits per address are meant for strangers.
      RANKED_LOGINS_PER_MINUTE: '100000',
      RANKED_LOGIN_BURST: '10000',
      RANKED_HTTP_REQUESTS_PER_SECOND: '10000',
      RANKED_HTTP_REQUEST_BURST: '10000',
      RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS: '512',
      RANKED_HANDSHAKES_PER_SECOND: '1000',
      RANKED_HANDSHAKE_BURST: '1000',
    };
  }

  /** @param onFailure called when a process ends that should not. */
  static async open(options: DemoOptions, onFailure: (why: string) => void): Promise<World> {
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'ranked-demo-')));
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'queues.yaml'), QUEUES);
    const [http, s2s, rdv] = await freePorts(3);
    return new World(directory, [http!, s2s!, rdv!], onFailure);
  }

  #certtool(...args: string[]): Promise<string> {
    return runProgram(CERTTOOL, [...args, '--data', join(this.directory, 'data')], this.#env);
  }

  #start(name: string, file: string, args: string[]): ChildProgram {
    return new ChildProgram(
      name,
      file,
      args,
      this.#env,
      join(this.directory, `${name}.log`),
      this.#onFailure,
    );
  }

  async startMaster(): Promise<void> {
    await this.#certtool('init');
    this.#master = this.#start('master', MASTER, []);
    await this.api.ready(30_000);
  }

  /** Issues a certificate for each game server with certtool and starts them; resolves when all have had their READY. */
  async startServers(options: DemoOptions): Promise<void> {
    const masterPublicKey = (await this.#certtool('pubkey', '--format', 'hex')).trim();
    for (let index = 1; index <= options.servers; index += 1) {
      const name = `arena-${index}`;
      const certificateFile = join(this.directory, `${name}.s2scert`);
      await this.#certtool('issue', '--name', name, '--days', '1', '--out', certificateFile);
      const settings: GameServerSettings = {
        name,
        certificateFile,
        masterPublicKey,
        s2s: { host: '127.0.0.1', port: this.#s2sPort },
        capacity: Math.ceil(options.players / 2),
        seed: options.seed + index,
        matchMs: [500 * options.matchSeconds, 1500 * options.matchSeconds],
      };
      const server = this.#start(name, GAME_SERVER, [JSON.stringify(settings)]);
      await new Promise<void>((resolve) => {
        server.onMessage((message) => {
          const { ready, account } = message as { ready?: true; account?: ServerAccount };
          if (ready) resolve();
          if (account) this.#accounts.push(account);
        });
      });
      this.servers.push(server);
    }
  }

  /** Ends the game servers, each after its matches, and returns what they did. */
  async stopServers(): Promise<ServerAccount[]> {
    await Promise.all(this.servers.map((server) => server.stop()));
    return this.#accounts;
  }

  /** Ends the master; resolves to its exit status. */
  async stopMaster(): Promise<number> {
    return (await this.#master?.stop()) ?? 0;
  }
}
