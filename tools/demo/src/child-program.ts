import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';

/** A program of this run: started with its own log file, ended with SIGTERM, and missed when it dies too soon. */
export class ChildProgram {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  #stopping = false;
  #tail = '';

  constructor(
    name: string,
    file: string,
    args: string[],
    env: NodeJS.ProcessEnv,
    logFile: string,
    onUnexpectedExit: (why: string) => void,
  ) {
    this.name = name;
    this.#log = createWriteStream(logFile, { flags: 'a' });
    this.#child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#log.write(chunk);
        this.#tail = (this.#tail + chunk.toString()).slice(-2000);
      });
    }
    this.#child.on('exit', (code, signal) => {
      this.#log.end();
      if (!this.#stopping)
        onUnexpectedExit(
          `${name} ended by itself (${signal ?? `exit status ${code}`}); its last words:\n${this.#tail}`,
        );
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.on('message', listener);
  }

  send(message: object): void {
    this.#child.send(message);
  }

  /** Asks the program to end and waits until it has; resolves to its exit status (1 when a signal ended it). */
  async stop(): Promise<number> {
    this.#stopping = true;
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode ?? 1;
  }
}

/** Runs a program to its end and returns what it printed. @throws Error with its standard error when it fails. */
export async function runProgram(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} failed (exit status ${code}): ${err || out}`);
  return out;
}
