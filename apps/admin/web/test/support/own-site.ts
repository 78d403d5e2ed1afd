import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunningSite } from './running-site.js';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** A dashboard of our own that runs beside a master with game servers and players, in a folder that is thrown away. */
export interface OwnSite extends RunningSite {
  close(): Promise<void>;
}

/**
 * Starts the demo, which is a real master, game servers and players, and the dashboard on its data. Both must be built. Its matches last
 * 10 to 30 s, so that one is still on when a slow machine acts on it.
 */
export async function ownSite(): Promise<OwnSite> {
  const directory = await mkdtemp(join(tmpdir(), 'ranked-walk-'));
  const data = join(directory, 'data');
  await mkdir(data, { recursive: true });
  const demo = start(
    'tools/demo/dist/main.js',
    ['--directory', directory, '--seconds', '3600', '--match-seconds', '20'],
    {},
  );
  const programs = [demo];
  const close = async (): Promise<void> => {
    for (const program of programs) await kill(program);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await databaseOf(demo, join(data, 'ranked.sqlite'));
    const admin = start('apps/admin/dist/main.js', [], { RANKED_DATA: data, RANKED_ADMIN_PORT: '0' });
    programs.push(admin);
    const { url, tokenFile } = await readyLine(admin);
    const operator = join(dirname(tokenFile), 'operators/first-operator');
    return {
      url: new URL(url).origin,
      tokenFile,
      certPath: `${operator}.pem`,
      keyPath: `${operator}.key`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** In a process group of its own: the demo starts programs itself. */
function start(program: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(ROOT, program), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

/** Waits for the master's database, and from then on lets the demo talk to nobody. */
async function databaseOf(demo: ChildProcess, path: string): Promise<void> {
  for await (const line of linesOf(demo)) {
    if (existsSync(path) && line.includes('players')) break;
  }
  if (demo.exitCode !== null) throw new Error(`the demo ended with ${demo.exitCode}`);
  demo.stdout?.resume();
  demo.stderr?.resume();
}

async function readyLine(admin: ChildProcess): Promise<{ url: string; tokenFile: string }> {
  const seen: string[] = [];
  for await (const line of linesOf(admin)) {
    seen.push(line);
    if (!line.includes('"msg":"ready"')) continue;
    admin.stdout?.resume();
    return JSON.parse(line) as { url: string; tokenFile: string };
  }
  throw new Error(`the dashboard did not start:\n${seen.join('\n')}`);
}

function linesOf({ stdout }: ChildProcess): AsyncIterable<string> {
  if (stdout === null) throw new Error('the program has no output');
  return createInterface({ input: stdout });
}

async function kill(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
  const ended = once(program, 'close');
  process.kill(-program.pid, 'SIGKILL');
  await ended;
}
