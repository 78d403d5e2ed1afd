import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { removeTempDirs, tempDir } from './support/temp-dir.js';

/** The compiled program: `nx test` builds it first. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

// A start takes about a second of processor time; on a busy machine that can be many by the clock.
jest.setTimeout(60_000);

/** The compiled `ranked` command. */
const RANKED = fileURLToPath(new URL('../dist/command/main.js', import.meta.url));

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(removeTempDirs);

interface Program {
  child: ChildProcess;
  /** All of standard output and standard error so far. */
  out(): string;
  err(): string;
  /** Resolves with the first log line of that message. */
  line(message: string): Promise<Record<string, unknown>>;
  exit: Promise<{ code: number | null; signal: string | null }>;
}

function start(env: Record<string, string>): Program {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: build the project first`);
  const dataDir = join(tempDir(), 'data');
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      RANKED_DATA: dataDir,
      RANKED_HTTP_PORT: '0',
      RANKED_S2S_PORT: '0',
      RANKED_RDV_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const text = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const exit = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  return {
    child,
    out: () => text.out,
    err: () => text.err,
    line: (message) => findLine(child, () => text.out, message),
    exit,
  };
}

async function findLine(
  child: ChildProcess,
  out: () => string,
  message: string,
): Promise<Record<string, unknown>> {
  for (;;) {
    const complete = out().split('\n').slice(0, -1);
    for (const line of complete) {
      const record = JSON.parse(line) as Record<string, unknown>;
      if (record['msg'] === message) return record;
    }
    if (child.exitCode !== null)
      throw new Error(`the program ended with ${child.exitCode} before "${message}"`);
    if (child.stdout) await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  }
}

describe('the program', () => {
  test('starts, says so, serves a login, drains at SIGTERM and exits 0', async () => {
    const program = start({});
    const ready = await program.line('ready');
    expect(ready).toMatchObject({
      level: 'info',
      firstStart: true,
      masterPublicKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      masterKeyPath: expect.stringMatching(/master\.key$/),
    });
    const { port } = ready['http'] as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username: 'ada', password: 'correct horse' });
    expect((await fetch(`${url}/v1/accounts`, { method: 'POST', headers, body })).status).toBe(201);
    const login = (await (await fetch(`${url}/v1/sessions`, { method: 'POST', headers, body })).json()) as {
      rdv: { port: number };
    };
    expect(login.rdv.port).toBe((ready['rdv'] as { port: number }).port);
    program.child.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.err()).toBe('');
    const messages = program
      .out()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(messages.slice(-3)).toEqual(['stopping', 'draining', 'stopped']);
  });

  test('stops at SIGINT too', async () => {
    const program = start({});
    await program.line('ready');
    program.child.kill('SIGINT');
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });

  test('a signal during the start is obeyed once it has started', async () => {
    const program = start({ RANKED_LOG_LEVEL: 'debug' });
    await once(program.child.stdout ?? program.child, 'data');
    program.child.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 0, signal: null });
  });

  test('the second signal ends it at once', async () => {
    const program = start({ RANKED_DRAIN_MS: '60000' });
    const { port } = (await program.line('ready'))['http'] as { port: number };
    // A request whose body never comes holds up the drain.
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await fetch(`http://127.0.0.1:${port}/livez`);
    program.child.kill('SIGTERM');
    await program.line('draining');
    program.child.kill('SIGTERM');
    expect(await program.exit).toEqual({ code: 1, signal: null });
    socket.destroy();
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a wrong setting',
      { RANKED_HTTP_PORT: 'x' },
      /^RANKED_HTTP_PORT is "x"; allowed is a whole number from 0 to 65535\.\n$/,
    ],
    ['an unknown setting', { RANKED_HTTP_PROT: '1' }, /^RANKED_HTTP_PROT is not a known setting.*\n$/],
    [
      'a key file that is not there',
      { RANKED_DATABASE_KEY_FILE: '/nowhere' },
      /^RANKED_DATABASE_KEY_FILE is "\/nowhere", which cannot be read \(ENOENT\).*\n$/,
    ],
    [
      'an address it does not have',
      { RANKED_HTTP_HOST: '192.0.2.1' },
      /^This machine has no address "192\.0\.2\.1"\. .*\n$/,
    ],
  ])('%s: one sentence on standard error, exit code 1', async (_name, env, sentence) => {
    const program = start(env);
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.err()).toMatch(sentence);
  });

  test('keeps no secret in its environment', async () => {
    // A debugger, a crash report or a child process would see `process.env`; asked here by a preloaded module.
    const spy = join(tempDir(), 'spy.mjs');
    writeFileSync(
      spy,
      "process.on('SIGUSR2', () => process.stderr.write(JSON.stringify(Object.keys(process.env))));\n",
    );
    const program = start({ RANKED_DATABASE_KEY: 'ab'.repeat(32), NODE_OPTIONS: `--import=${spy}` });
    await program.line('ready');
    program.child.kill('SIGUSR2');
    await once(program.child.stderr ?? program.child, 'data');
    const names = JSON.parse(program.err()) as string[];
    expect(names).toContain('RANKED_DATA');
    expect(names).not.toContain('RANKED_DATABASE_KEY');
  });
});

test.each<[string[], number, RegExp, RegExp]>([
  [['--help'], 0, /^ranked <command>/, /^$/],
  [['replay', '--queue', 'duel'], 2, /^$/, /^ranked: there is no database /],
])('the ranked command %j ends with status %i', async (args, status, out, err) => {
  if (!existsSync(RANKED)) throw new Error(`${RANKED} is missing: build the project first`);
  const child = spawn(process.execPath, [RANKED, ...args], {
    env: { PATH: process.env['PATH'] ?? '', RANKED_DATA: join(tempDir(), 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, ...text }).toEqual({
    code: status,
    out: expect.stringMatching(out),
    err: expect.stringMatching(err),
  });
});
