import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./run-command-lines.mjs', import.meta.url));

/** How a run ended and what it wrote. */
export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command line and what surrounds it. */
export interface CommandLine {
  args: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Record<string, string>;
  /** All of stdin. */
  input: Uint8Array;
}

/**
 * A process in which the built program runs one command line after the other, each with a directory, an environment and streams
 * of its own: what Node, TypeORM and SQLite take to load is paid once, not a hundred times. Signals, pipes and several
 * programs at once need processes of their own.
 */
export class CommandHost {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a command line once those before it have ended. */
  run(line: CommandLine): Promise<Run> {
    const run = this.last.then(() => this.send(line));
    this.last = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    const child = this.child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }

  private async send(line: CommandLine): Promise<Run> {
    const child = (this.child ??= fork(PROGRAM, { env: {}, execArgv: [], serialization: 'advanced' }));
    const ended = new AbortController();
    const died = once(child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error(`the host of the commands died of: certtool ${line.args.join(' ')}`);
    });
    const answered = once(child, 'message', { signal: ended.signal });
    try {
      child.send(line);
      const [run] = (await Promise.race([answered, died])) as [Run];
      return run;
    } finally {
      ended.abort();
      await Promise.allSettled([died, answered]);
    }
  }
}
