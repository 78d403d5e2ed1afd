import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandHost, Run } from './command-host.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A running certtool. */
export interface RunningCerttool {
  child: ChildProcessWithoutNullStreams;
  ended: Promise<Run>;
  /** Resolves once stderr contains the text. */
  says(text: string): Promise<void>;
}

/** What a run is given besides its arguments. */
export interface RunOptions {
  input?: string | Uint8Array;
  env?: Record<string, string>;
}

/**
 * A temporary directory in which the built program runs. It remembers all that was ever written to a terminal, and every secret
 * that ever lay in a file here, so that `leaks` can look for the ones in the other.
 */
export class Workplace {
  readonly dir = fs.mkdtempSync(join(tmpdir(), 'ranked-certtool-'));
  private readonly outputs: string[] = [];
  private readonly secrets = new Map<string, Buffer>();

  /** Without a host every run is a process of its own. */
  constructor(private readonly host?: CommandHost) {}

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /** Starts the program in a process of its own. */
  start(args: readonly string[], environment: Record<string, string> = {}): RunningCerttool {
    const env = withPath(environment);
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: this.dir, env });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    // A program that ends without reading its stdin closes the pipe.
    child.stdin.on('error', () => undefined);
    const ended = once(child, 'close').then(([code]: (number | null)[]) => {
      return this.remember({ code: code ?? null, ...output });
    });
    const says = async (text: string): Promise<void> => {
      while (!output.stderr.includes(text)) await once(child.stderr, 'data');
    };
    return { child, ended, says };
  }

  /** Runs the program to its end; `input` is all of its stdin. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    if (this.host === undefined) return this.runAlone(args, options);
    const { input = '', env = {} } = options;
    return this.remember(
      await this.host.run({ args, cwd: this.dir, env: withPath(env), input: Buffer.from(input) }),
    );
  }

  /** The same in a process of its own, beside others. */
  runAlone(args: readonly string[], { input = '', env = {} }: RunOptions = {}): Promise<Run> {
    const { child, ended } = this.start(args, env);
    child.stdin.end(input);
    return ended;
  }

  /** The secrets that were written to a terminal, as `file: form`. */
  leaks(): string[] {
    this.rememberSecrets();
    const written = this.outputs.join('\n');
    const found: string[] = [];
    for (const [name, secret] of this.secrets) {
      for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
        // Two thirds of it are a leak as well; the last characters of base64 depend on what follows.
        const text = secret.toString(encoding);
        if (written.toLowerCase().includes(text.slice(0, Math.floor(text.length / 1.5)).toLowerCase())) {
          found.push(`${name}: ${encoding}`);
        }
      }
    }
    return found;
  }

  get secretCount(): number {
    return this.secrets.size;
  }

  remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true });
  }

  private remember(run: Run): Run {
    this.outputs.push(run.stdout, run.stderr);
    this.rememberSecrets();
    return run;
  }

  private rememberSecrets(): void {
    for (const entry of fs.readdirSync(this.dir, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || entry.name.includes('sqlite')) continue;
      const contents = readIfThere(path);
      if (contents === undefined) continue;
      const key = /^ranked-[a-z]+-key-1:([0-9a-f]{64})/.exec(contents.toString('latin1'))?.[1];
      if (key !== undefined) this.secrets.set(`${path} ${key.slice(0, 4)}`, Buffer.from(key, 'hex'));
      if (contents.length === 133) this.secrets.set(path, contents.subarray(37, 69));
    }
  }
}

/** A program beside this one may take its file back between a look at the directory and one at the file. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return fs.readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function withPath(environment: Record<string, string>): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', ...environment };
}

/** Permission bits of a file. */
export const modeOf = (path: string): number => fs.statSync(path).mode & 0o777;
