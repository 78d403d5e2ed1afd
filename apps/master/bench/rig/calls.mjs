/** A program of a benchmark in a process of its own, with functions that the benchmark calls. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Microseconds of processor that this process has used, all threads, user and system. */
export function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Memory after full collections, bytes. Needs --expose-gc. */
async function memory() {
  for (let i = 0; i < 4; i += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

/**
 * Serves calls of the parent process: each of `functions` by its name, `cpu` and `memory`. Ends with the parent.
 * @param functions name → (argument) => value or promise
 */
export function serveCalls(functions) {
  const all = { cpu: cpuMicros, memory, ...functions };
  process.on('message', ({ id, name, argument }) => {
    Promise.resolve()
      .then(() => all[name](argument))
      .then(
        (value) => process.send({ id, value }),
        (error) => process.send({ id, error: error.stack }),
      );
  });
  process.once('disconnect', () => process.exit(0));
  process.send({ ready: true });
}

/** The parent's end of {@link serveCalls}. */
export class Program {
  #child;
  #waiting = new Map();
  #nextId = 1;

  constructor(child) {
    this.#child = child;
    child.on('message', ({ id, value, error }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(error));
      else waiting?.resolve(value);
    });
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the program ended: ${signal ?? code}`));
    });
  }

  /** @param url of a module that calls serveCalls @param options args, env, execArgv */
  static async start(url, { args = [], env = process.env, execArgv = ['--expose-gc'] } = {}) {
    const child = fork(fileURLToPath(url), args, {
      env,
      execArgv,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const program = new Program(child);
    const [first] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${url} ended with ${code}`))),
    ]);
    if (!first.ready) throw new Error('the program is not one of a benchmark');
    return program;
  }

  call(name, argument) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, name, argument });
    });
  }

  /** Processor microseconds of the program while `work` ran. */
  async cpuOf(work) {
    const before = await this.call('cpu');
    await work();
    return (await this.call('cpu')) - before;
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}
