import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MatchResult } from '@ranked/protocol';
import { PATIENCE_MS, within } from './deadline.js';
import type { Issued, World } from './world.js';

const PROGRAM = fileURLToPath(new URL('./game-server-program.mjs', import.meta.url));

/** What the program says. */
interface Said {
  readonly ready?: true;
  readonly started?: string;
  readonly sent?: MatchResult;
  readonly acknowledged?: string;
  readonly refused?: string;
  readonly code?: string;
}

/** A game server in a process of its own, one life after the other, with a book of all of them. */
export class GameServerProcess extends EventEmitter<{ said: [Said] }> {
  readonly serverId: string;
  readonly port = 4100;
  readonly results = new Map<string, { readonly result: MatchResult; fate: string }>();
  readonly started = new Set<string>();
  #child: ChildProcess | undefined;

  constructor(
    private readonly world: World,
    private readonly issued: Issued,
  ) {
    super();
    this.serverId = issued.certificate.uuid;
    this.setMaxListeners(50);
  }

  /** Begins a life; resolves when the master has let it in. @param forgetful without the journal of the life before */
  async start(forgetful = false): Promise<void> {
    const { world, issued } = this;
    const settings = {
      name: issued.name,
      port: this.port,
      s2s: world.ports.s2s,
      certificate: Buffer.from(issued.bytes).toString('base64'),
      masterPublicKey: Buffer.from(world.masterKey.publicKey).toString('hex'),
      journal: join(world.directory, `${issued.name}.journal`),
      forgetful,
    };
    const child = fork(PROGRAM, [JSON.stringify(settings)], {
      execArgv: [],
      env: { PATH: process.env['PATH'] },
    });
    this.#child = child;
    child.on('message', (said: Said) => this.#hear(said));
    await this.until('the game server to be let in', ({ ready }) => ready === true);
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  admit(joinToken: string): void {
    this.#child?.send({ admit: joinToken });
  }

  /** Ends a match. */
  finish(matchId: string): void {
    this.#child?.send({ finish: matchId });
  }

  /** Resolves at the first thing said from now on for which `is` holds. Call it before what leads to it. */
  until(what: string, is: (said: Said) => boolean): Promise<void> {
    return within(
      what,
      new Promise((resolve) => {
        const hear = (said: Said): void => {
          if (!is(said)) return;
          this.off('said', hear);
          resolve();
        };
        this.on('said', hear);
      }),
      PATIENCE_MS,
    );
  }

  #hear(said: Said): void {
    if (said.started) this.started.add(said.started);
    if (said.sent) this.results.set(said.sent.matchId, { result: said.sent, fate: 'sent' });
    const entry = this.results.get(said.acknowledged ?? said.refused ?? '');
    if (entry) entry.fate = said.acknowledged ? 'acknowledged' : (said.code ?? 'refused');
    this.emit('said', said);
  }
}
