import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { within } from './deadline.js';

const MAIN = fileURLToPath(new URL('../../../../apps/master/dist/main.js', import.meta.url));

/** A start takes about a second of processor time; on a busy machine that can be many by the clock. */
const START_MS = 60_000;

/** One life of the master: a process of its own, with nothing of this one in its environment. */
export class MasterProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #ready: Promise<void>;
  #output = '';

  constructor(env: Readonly<Record<string, string>>) {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: build @ranked/master first`);
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#exited = once(child, 'exit').then(() => undefined);
    this.#ready = new Promise((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes('"msg":"ready"')) resolve();
      };
      child.stdout?.on('data', take);
      child.stderr?.on('data', take);
      child.once('exit', (code, signal) => {
        reject(new Error(`the master ended (${signal ?? `status ${code}`}):\n${this.#output.slice(-2000)}`));
      });
    });
    this.#ready.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it has written to standard output and standard error. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when it listens. Rejects when it ends before. */
  ready(): Promise<void> {
    return within('the start of the master', this.#ready, START_MS);
  }

  /** SIGKILL, in this very turn; resolves when the process is gone. */
  kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#exited;
  }

  /** SIGTERM; resolves to the exit status. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await within('the end of the master', this.#exited);
    return this.#child.exitCode;
  }

  /** Memory that it holds, MiB. */
  rssMiB(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }
}
