import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { GameServerClient, MsgType } from '@ranked/protocol/game-server';
import { PlayerClient } from '@ranked/protocol/player';
import type {
  CmdAllowPlayers,
  CmdCancelMatch,
  CmdForceStart,
  CmdKickPlayer,
  CmdShutdown,
  MatchCancelled,
  MatchReport,
  QueueStatus,
} from '@ranked/protocol';
import type { IssuedCertificate } from '../../src/api/contract.js';
import { until, type AdminRig } from './admin-rig.js';

const PROGRAM = fileURLToPath(new URL('../../../master/dist/main.js', import.meta.url));
const PASSWORD = 'correct horse battery';

interface Listening {
  http: { port: number };
  s2s: { port: number };
  rdv: { port: number };
}

/** A real master, built, in a process of its own, on the data directory of a dashboard. */
export class LiveMaster {
  private text = '';

  private constructor(
    private readonly child: ChildProcess,
    private at: Listening | undefined,
  ) {}

  static async start({ config }: AdminRig): Promise<LiveMaster> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      RANKED_DATA: config.dataDir,
      RANKED_HTTP_PORT: '0',
      RANKED_S2S_PORT: '0',
      RANKED_RDV_PORT: '0',
      RANKED_TICK_MS: '100',
      RANKED_HEARTBEAT_MS: '500',
      // The dashboard's own settings, which the master has to leave alone.
      RANKED_ADMIN_PORT: '1',
    };
    const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const master = new LiveMaster(child, undefined);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (master.text += text));
    master.at = await until(() => {
      if (child.exitCode !== null) throw new Error(master.text);
      const line = master.text
        .split('\n')
        .find((one) => one.includes('"component":"lifecycle"') && one.includes('"s2s"'));
      return line === undefined ? undefined : (JSON.parse(line) as Listening);
    });
    return master;
  }

  get ports(): { http: number; s2s: number; rdv: number } {
    const { at } = this;
    return { http: at?.http.port ?? 0, s2s: at?.s2s.port ?? 0, rdv: at?.rdv.port ?? 0 };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'close');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** A game server that takes what it is told and starts nothing by itself. */
export class LiveServer {
  readonly allowed: CmdAllowPlayers[] = [];
  readonly cancelled: CmdCancelMatch[] = [];
  readonly kicked: CmdKickPlayer[] = [];
  readonly forced: CmdForceStart[] = [];
  readonly shutdowns: CmdShutdown[] = [];
  closedBy: string | undefined;

  private constructor(
    readonly id: string,
    readonly client: GameServerClient,
  ) {}

  /** Issues its certificate through the dashboard, fetches the file, and connects with it. */
  static async start(rig: AdminRig, master: LiveMaster, name: string): Promise<LiveServer> {
    const issued = await rig.post<IssuedCertificate>('/api/certificates', { name, days: 30 });
    if (issued.status !== 201) throw new Error(issued.text);
    const file = await rig.bytes(issued.body.download.path);
    const held: string[] = [];
    const client = new GameServerClient({
      host: '127.0.0.1',
      port: master.ports.s2s,
      certificate: file,
      heartbeat: () => ({
        name,
        port: 7777,
        region: 'test',
        build: '1.2.3',
        capacity: 4,
        players: 0,
        accepting: true,
        matches: held,
        load: 0.25,
      }),
      handlers: {
        [MsgType.CmdAllowPlayers]: (message) => {
          server.allowed.push(message);
          if (!held.includes(message.matchId)) held.push(message.matchId);
        },
        [MsgType.CmdCancelMatch]: (message) => {
          server.cancelled.push(message);
          const place = held.indexOf(message.matchId);
          if (place >= 0) held.splice(place, 1);
        },
        [MsgType.CmdKickPlayer]: (message) => void server.kicked.push(message),
        [MsgType.CmdForceStart]: (message) => void server.forced.push(message),
        [MsgType.CmdShutdown]: (message) => void server.shutdowns.push(message),
      },
    });
    const server = new LiveServer(issued.body.certificate.uuid, client);
    client.on('closed', (error) => (server.closedBy = error?.message ?? 'closed'));
    await client.connect();
    return server;
  }

  /** Plays a match that it was allowed to its end: the first team wins. */
  async play(matchId: string): Promise<void> {
    const roster = this.allowed.find((one) => one.matchId === matchId);
    if (!roster) throw new Error('it was never allowed');
    await this.client.matchStarted(matchId);
    await this.client.matchResult({
      matchId,
      durationMs: 1_000,
      teams: roster.teams.map((_, rank) => ({ rank })),
      players: roster.teams.flat().map(({ id }) => ({ id, playFraction: 1 })),
    });
  }
}

/** A player with a login, connected. */
export class LivePlayer {
  readonly cancelled: MatchCancelled[] = [];
  readonly reports: MatchReport[] = [];
  readonly statuses: QueueStatus[] = [];
  found: string | undefined;
  closedBy: string | undefined;
  disconnects = 0;

  private constructor(
    readonly id: string,
    readonly client: PlayerClient,
  ) {}

  static async start(master: LiveMaster, username: string): Promise<LivePlayer> {
    const call = async <T>(path: string, body: object): Promise<T> => {
      const response = await fetch(`http://127.0.0.1:${master.ports.http}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as T;
    };
    await call('/v1/accounts', { username, password: PASSWORD });
    const login = await call<{ ticket: { id: string; secret: string }; player: { id: string } }>(
      '/v1/sessions',
      {
        username,
        password: PASSWORD,
      },
    );
    const client = new PlayerClient({
      host: '127.0.0.1',
      port: master.ports.rdv,
      ticketId: login.ticket.id,
      ticket: login.ticket.secret,
    });
    const player = new LivePlayer(login.player.id, client);
    client.on('matchFound', ({ matchId }) => (player.found = matchId));
    client.on('matchCancelled', (message) => void player.cancelled.push(message));
    client.on('matchReport', (message) => void player.reports.push(message));
    client.on('queueStatus', (message) => void player.statuses.push(message));
    client.on('disconnected', () => (player.disconnects += 1));
    client.on('closed', (error) => (player.closedBy = error?.message ?? 'closed'));
    await client.connect();
    return player;
  }
}
