import * as https from 'node:https';
import type { AuditEntry } from '@ranked/store';
import type { ActionResult, Impact } from '../../src/api/contract.js';
import { AdminRig, until, type Answer } from './admin-rig.js';
import { LiveMaster, LivePlayer, LiveServer } from './live-master.js';

/** A dashboard, a real master on the same data, a game server and players, all over their sockets. */
export class LiveRig {
  private readonly players: LivePlayer[] = [];

  private constructor(
    readonly rig: AdminRig,
    readonly master: LiveMaster,
    readonly server: LiveServer,
  ) {}

  static async start(): Promise<LiveRig> {
    const rig = await AdminRig.start();
    const master = await LiveMaster.start(rig);
    return new LiveRig(rig, master, await LiveServer.start(rig, master, 'eu-1'));
  }

  async stop(): Promise<void> {
    for (const player of this.players) await player.client.close();
    await this.server.client.close();
    await this.master.stop();
    await this.rig.stop();
  }

  async player(name: string): Promise<LivePlayer> {
    const made = await LivePlayer.start(this.master, name);
    this.players.push(made);
    return made;
  }

  /** Two players in a match that its server knows and that has not begun. */
  async readyMatch(): Promise<{ ann: LivePlayer; bob: LivePlayer; matchId: string }> {
    const ann = await this.player('ann');
    const bob = await this.player('bob');
    await ann.client.joinQueue('duel');
    await bob.client.joinQueue('duel');
    const matchId = await until(() =>
      ann.found !== undefined && ann.found === bob.found ? ann.found : undefined,
    );
    return { ann, bob, matchId };
  }

  async lastRow(): Promise<AuditEntry | undefined> {
    return (await this.rig.audit()).at(-1);
  }

  /** Checks that an action was done, and that the last row of the audit log is its own. */
  async done(answer: Promise<Answer<ActionResult>>): Promise<ActionResult> {
    const { status, text, body } = await answer;
    expect([status, status === 200 ? '' : text]).toEqual([200, '']);
    expect((await this.lastRow())?.id).toBe(body.auditId);
    return body;
  }

  /** What an action would do; asking leaves no row. */
  async impactOf(path: string, body: unknown): Promise<Impact> {
    const before = (await this.rig.audit()).length;
    const answer = await this.rig.post<Impact>(`${path}?preview=true`, body);
    expect(answer.status).toBe(200);
    expect(await this.rig.audit()).toHaveLength(before);
    return answer.body;
  }
}

/** Reads an event stream, as a page does with `fetch`. */
export async function follow(
  rig: AdminRig,
  path: string,
): Promise<{ names: string[]; data: string[]; close: () => void }> {
  const names: string[] = [];
  const data: string[] = [];
  return new Promise((resolve, reject) => {
    const request = https.get(rig.requestOptions('GET', path), (response) => {
      if (response.statusCode !== 200) reject(new Error(String(response.statusCode)));
      let text = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (chunk: string) => {
        text += chunk;
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) {
          names.push(/^event: (.*)$/m.exec(frame)?.[1] ?? '');
          data.push(/^data: (.*)$/m.exec(frame)?.[1] ?? '');
        }
      });
      resolve({ names, data, close: () => request.destroy() });
    });
    request.on('error', reject);
  });
}
