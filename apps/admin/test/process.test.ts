import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureKeys } from '@ranked/cert/files';
import { until } from './support/admin-rig.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ADMIN = join(ROOT, 'apps/admin/dist/main.js');
const SECRET = 'process-test-token-QwErTyUiOp-0123';
const onLinux = process.platform === 'linux' ? describe : describe.skip;

/** A program whose lines of JSON are remembered. */
class Program {
  readonly child: ChildProcess;
  text = '';

  constructor(
    command: string,
    args: readonly string[],
    options: { env?: Record<string, string>; cwd?: string; input?: string } = {},
  ) {
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env };
    // A group of its own, as a terminal gives one: what Ctrl-C sends goes to all of it.
    this.child = spawn(command, args, {
      env,
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.text += text));
    this.child.stdin?.on('error', () => undefined);
    this.child.stdin?.end(options.input ?? '');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The log line `ready` of the dashboard. */
  async ready(): Promise<{ url: string; tokenFile: string | null; certificate?: string; authority: string }> {
    return until(() => {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.text}`);
      const lines = this.text
        .split('\n')
        .filter((line) => line.includes('"service":"admin"') && line.includes('"msg":"ready"'));
      return lines[0] === undefined
        ? undefined
        : (JSON.parse(lines[0]) as Awaited<ReturnType<Program['ready']>>);
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'close');
      process.kill(-this.pid, signal);
      await ended;
    }
    return this.child.exitCode;
  }
}

onLinux('the process', () => {
  let dir: string;
  const programs: Program[] = [];
  const start = (env: Record<string, string>, input?: string, flags: string[] = []): Program => {
    const base = { RANKED_DATA: join(dir, 'data'), RANKED_ADMIN_PORT: '0', RANKED_LOG_LEVEL: 'debug' };
    const program = new Program(process.execPath, [...flags, ADMIN], {
      env: { ...base, ...env },
      ...(input !== undefined && { input }),
    });
    programs.push(program);
    return program;
  };

  beforeEach(() => {
    dir = fs.mkdtempSync(join(tmpdir(), 'ranked-admin-process-'));
    ensureKeys(join(dir, 'data'));
  });
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  });

  /** Status of `GET /api/session` with the first operator's certificate. */
  const session = (url: string, token: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const admin = join(dir, 'data', 'admin');
      const request = https.get(
        new URL('/api/session', url),
        {
          ca: fs.readFileSync(join(admin, 'authority.pem')),
          cert: fs.readFileSync(join(admin, 'operators', 'first-operator.pem')),
          key: fs.readFileSync(join(admin, 'operators', 'first-operator.key')),
          headers: { authorization: `Bearer ${token}` },
          agent: false,
          family: 4,
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? 0));
        },
      );
      request.on('error', reject);
    });

  const environ = (pid: number): string => fs.readFileSync(`/proc/${pid}/environ`, 'latin1');

  test('a first start needs nothing: it makes token and certificate for their owner alone, and says where', async () => {
    const program = start({});
    const { url, tokenFile, certificate } = await program.ready();
    expect(tokenFile).toBe(join(dir, 'data', 'admin', 'token'));
    expect(certificate).toBe(join(dir, 'data', 'admin', 'operators', 'first-operator.p12'));
    const token = fs.readFileSync(tokenFile ?? '', 'utf8').trim();
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(fs.statSync(tokenFile ?? '').mode & 0o777).toBe(0o600);
    expect(await session(url, token)).toBe(200);
    expect(program.text).not.toContain(token);
    expect(await program.stop()).toBe(0);
    const again = start({});
    const second = await again.ready();
    expect(second.certificate).toBeUndefined();
    expect(await session(second.url, token)).toBe(200);
  });

  test('a token of the environment is not in what the kernel shows, nor are other secrets, after the start', async () => {
    const databaseKey = fs.readFileSync(join(dir, 'data', 'database.key'), 'utf8').trim();
    const program = start({
      TBQ_ADMIN_TOKEN: SECRET,
      RANKED_DATABASE_KEY: databaseKey,
      RANKED_TICK_MS: '500',
    });
    const { url, tokenFile } = await program.ready();
    expect(tokenFile).toBeNull();
    expect(await session(url, SECRET)).toBe(200);
    const shown = environ(program.pid);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(databaseKey.slice(-64));
    // What is no secret is still there: only the values were overwritten.
    expect(shown).toContain(`RANKED_DATA=${join(dir, 'data')}`);
    expect(shown).toContain('RANKED_TICK_MS=500');
    expect(program.text).not.toContain(SECRET);
  });

  test('a token in a file, or on standard input', async () => {
    const file = join(dir, 'token');
    fs.writeFileSync(file, `${SECRET}\n`, { mode: 0o600 });
    const fromFile = start({ TBQ_ADMIN_TOKEN_FILE: file });
    expect(await session((await fromFile.ready()).url, SECRET)).toBe(200);
    await fromFile.stop();
    const fromInput = start({ TBQ_ADMIN_TOKEN_FILE: '-' }, SECRET);
    expect(await session((await fromInput.ready()).url, SECRET)).toBe(200);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a short token',
      { TBQ_ADMIN_TOKEN: 'short-secret' },
      /TBQ_ADMIN_TOKEN has 12 characters; allowed are 24 to 512/,
    ],
    ['two tokens', { TBQ_ADMIN_TOKEN: SECRET, TBQ_ADMIN_TOKEN_FILE: '/dev/null' }, /both set/],
    ['a token that is no header', { TBQ_ADMIN_TOKEN: `${SECRET} ü` }, /allowed are 24 to 512 of A-Z/],
    ['an unknown setting', { RANKED_ADMIN_PROT: '1' }, /RANKED_ADMIN_PROT is not a known setting/],
    ['a wrong address list', { RANKED_ADMIN_ALLOW: '10.0.0.0/8, home' }, /RANKED_ADMIN_ALLOW has "home"/],
    ['a wrong port', { RANKED_ADMIN_PORT: '70000' }, /RANKED_ADMIN_PORT is not a port/],
    ['a wrong database key', { RANKED_DATABASE_KEY: 'abc' }, /RANKED_DATABASE_KEY is a text of 3 characters/],
  ])('%s: one sentence, exit status 1, no secret', async (_what, env, sentence) => {
    const program = start(env);
    await once(program.child, 'close');
    expect(program.child.exitCode).toBe(1);
    expect(program.text).toMatch(sentence);
    expect(program.text).not.toContain('short-secret');
    expect(program.text).not.toContain(SECRET);
  });

  test('a token file that others may read is refused', async () => {
    const file = join(dir, 'token');
    fs.writeFileSync(file, SECRET, { mode: 0o644 });
    fs.chmodSync(file, 0o644);
    const program = start({ TBQ_ADMIN_TOKEN_FILE: file });
    await once(program.child, 'close');
    expect(program.text).toContain('chmod 600');
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ['of the environment', { TBQ_ADMIN_TOKEN: SECRET }, undefined],
    ['of standard input', { TBQ_ADMIN_TOKEN_FILE: '-' }, SECRET],
  ])(
    'the token %s is not in a heap snapshot as clear text, before and after it was used',
    async (_what, env, input) => {
      const program = start(env, input, ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${dir}`]);
      const { url } = await program.ready();
      const snapshots = () => fs.readdirSync(dir).filter((name) => name.endsWith('.heapsnapshot'));
      const take = async (count: number): Promise<string> => {
        program.child.kill('SIGUSR2');
        const name = await until(() => {
          const names = snapshots().sort();
          return names.length === count ? names.at(-1) : undefined;
        });
        // Whole once its last line is there.
        return until(() => {
          const text = fs.readFileSync(join(dir, name), 'utf8');
          return text.trimEnd().endsWith(']}') || text.trimEnd().endsWith('}') ? text : undefined;
        });
      };
      const before = await take(1);
      // What is certainly in memory is found: so the search would find the token.
      expect(before).toContain('kernelFilter');
      expect(before).not.toContain(SECRET);
      expect(await session(url, SECRET)).toBe(200);
      expect(await session(url, `${SECRET}-wrong`)).toBe(401);
      expect(await take(2)).not.toContain(SECRET);
    },
  );
});

onLinux('npm start', () => {
  /** A token, a directory of data in `dir`, and free ports for both services. */
  const startEnvironment = (dir: string): Record<string, string> => ({
    TBQ_ADMIN_TOKEN: SECRET,
    RANKED_DATA: join(dir, 'data'),
    RANKED_ADMIN_PORT: '0',
    RANKED_HTTP_PORT: '0',
    RANKED_S2S_PORT: '0',
    RANKED_RDV_PORT: '0',
  });

  test('forgets the token once the dashboard has it: it is in no heap snapshot of the process that passed it on', async () => {
    const dir = fs.mkdtempSync(join(tmpdir(), 'ranked-start-heap-'));
    const flags = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${dir}`];
    const program = new Program(process.execPath, [...flags, join(ROOT, 'tools/start.mjs')], {
      env: startEnvironment(dir),
    });
    try {
      expect((await program.ready()).tokenFile).toBeNull();
      program.child.kill('SIGUSR2');
      const snapshot = await until(() => {
        const [name] = fs.readdirSync(dir).filter((one) => one.endsWith('.heapsnapshot'));
        const text = name === undefined ? '' : fs.readFileSync(join(dir, name), 'utf8');
        return text.trimEnd().endsWith('}') ? text : undefined;
      });
      expect(snapshot).toContain('npmAncestors');
      expect(snapshot).not.toContain(SECRET);
    } finally {
      await program.stop('SIGINT');
      fs.rmSync(dir, { recursive: true, force: true });
    }
  });

  test('leaves the token in the environment of no process that it made, and takes them all down again', async () => {
    const dir = fs.mkdtempSync(join(tmpdir(), 'ranked-npm-start-'));
    // npm, its shell, the start script and both services, as `npm start` makes them once all is built.
    fs.writeFileSync(
      join(dir, 'package.json'),
      JSON.stringify({ scripts: { start: `node ${join(ROOT, 'tools/start.mjs')}` } }),
    );
    const program = new Program('npm', ['start'], {
      cwd: dir,
      env: startEnvironment(dir),
    });
    try {
      await program.ready();
      const family = familyOf(program.pid);
      const commands = family.map((pid) =>
        fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' '),
      );
      expect(commands.filter((text) => text.includes('apps/admin/dist/main.js'))).toHaveLength(1);
      expect(commands.filter((text) => text.includes('apps/master/dist/main.js'))).toHaveLength(1);
      const holders = family.filter((pid) =>
        fs.readFileSync(`/proc/${pid}/environ`, 'latin1').includes(SECRET),
      );
      // Where the kernel forbids to write to a parent (kernel.yama.ptrace_scope) that is said, and the parents alone have it.
      const isForbidden = program.text.includes('Secrets are still in the environment');
      const own = commands
        .filter((_, index) => holders.includes(family[index] ?? 0))
        .filter((text) => /dist\/main\.js|^node .*start\.mjs/.test(text));
      expect(own).toEqual([]);
      if (!isForbidden) expect(holders).toEqual([]);
      expect(commands.join(' ')).not.toContain(SECRET);
      await program.stop('SIGINT');
      await until(() => family.every((pid) => !isRunning(pid)));
    } finally {
      await program.stop('SIGKILL');
      fs.rmSync(dir, { recursive: true, force: true });
    }
  });
});

/** A process and all that descend from it. */
function familyOf(pid: number): number[] {
  const children = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
  return [pid, ...children.flatMap(familyOf)];
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  return parentOf(pid) !== undefined;
}
