#!/usr/bin/env node
// The front door: `npm start`, `npm test`, `npm run demo`, `npm run bench`, `npm run simulate`, `npm run certtool`, `npm run ranked`.
// Plain Node without dependencies, since it is what installs them.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './chromium.mjs';
import { startMasterAndDashboard, takeEnvironment, wipeSecrets, withoutSecrets } from './start.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [command, ...args] = process.argv.slice(2);

const { environment, adminToken } = takeEnvironment();

const env = {
  ...environment,
  // The command leaves no process behind and talks to nobody but the package registry.
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
};

/** What installs and builds gets. */
const buildEnv = withoutSecrets(env);

/** Runs a program to its end, with our own standard streams unless told otherwise; resolves to its exit status. */
function run(program, programArgs, { stdio = 'inherit', onOutput, env: own = env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArgs, { cwd: root, env: own, stdio });
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', onOutput);
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(signal ? 1 : code);
    });
  });
}

async function must(what, program, programArgs) {
  const status = await run(program, programArgs, { env: buildEnv });
  if (status !== 0) {
    process.stderr.write(`\n${what} failed (exit status ${status}).\n`);
    process.exit(status);
  }
}

const nx = (...nxArgs) => [process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...nxArgs]];

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(
      `Node ${process.versions.node} is too old: RankedServer needs Node 20.19 or newer.\n`,
    );
    process.exit(1);
  }
}

/** Installs when there is no `node_modules`, or when the lock file has changed since. */
async function install() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const lock = join(root, 'package-lock.json');
  const complete =
    existsSync(installed) && existsSync(join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node'));
  if (complete && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (complete && sameDependencies(lock, installed)) return;
  process.stderr.write(
    'Installing dependencies (the first time SQLite is compiled: about two minutes) ...\n',
  );
  await must('The installation', process.platform === 'win32' ? 'npm.cmd' : 'npm', [
    'ci',
    '--no-audit',
    '--no-fund',
  ]);
}

/**
 * A fresh checkout gives the lock file a new time, not a new content. What is optional may be missing: it is for other machines.
 */
function sameDependencies(lockFile, installedFile) {
  const packages = (file) =>
    new Map(
      Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages).filter(([path]) =>
        path.includes('node_modules/'),
      ),
    );
  const wanted = packages(lockFile);
  const installed = packages(installedFile);
  return (
    [...installed].every(([path, { version }]) => wanted.get(path)?.version === version) &&
    [...wanted].every(([path, { optional }]) => optional || installed.has(path))
  );
}

/** Builds a project and what it needs; what the build prints is shown only when it fails. */
async function build(...projects) {
  process.stderr.write(`Building ${projects.join(', ')} ...\n`);
  const [program, programArgs] = nx(
    'run-many',
    '-t',
    'build',
    '-p',
    projects.join(','),
    '--outputStyle=static',
    '--skipSync',
  );
  const output = [];
  const status = await run(program, programArgs, {
    stdio: ['ignore', 'pipe', 'pipe'],
    onOutput: (chunk) => output.push(chunk),
    env: buildEnv,
  });
  if (status === 0) return;
  process.stderr.write(Buffer.concat(output));
  process.stderr.write(`\nThe build failed (exit status ${status}).\n`);
  process.exit(status);
}

const commands = {
  async start() {
    await wipeSecrets(env, adminToken);
    await build('@ranked/master', '@ranked/admin', '@ranked/admin-web');
    process.exitCode = await startMasterAndDashboard({ root, env, adminToken, args });
  },
  async certtool() {
    await build('@ranked/certtool');
    process.exitCode = await run(process.execPath, [join(root, 'apps/certtool/dist/main.js'), ...args]);
  },
  async ranked() {
    await build('@ranked/master');
    process.exitCode = await run(process.execPath, [join(root, 'apps/master/dist/command/main.js'), ...args]);
  },
  async demo() {
    await build('@ranked/demo');
    process.exitCode = await run(process.execPath, [join(root, 'tools/demo/dist/main.js'), ...args]);
  },
  async bench() {
    await build('@ranked/bench');
    process.exitCode = await run(process.execPath, [
      '--expose-gc',
      join(root, 'tools/bench/dist/main.js'),
      ...args,
    ]);
  },
  async simulate() {
    await build('@ranked/simulate');
    process.exitCode = await run(process.execPath, [join(root, 'tools/simulate/dist/main.js'), ...args]);
  },
  async test() {
    await must('The formatting check (npm run format mends it)', process.execPath, [
      join(root, 'node_modules/prettier/bin/prettier.cjs'),
      '--check',
      '--cache',
      '--log-level=warn',
      '.',
    ]);
    await must('The project reference check (npx nx sync mends it)', ...nx('sync:check'));
    await ensureChromium(root, (program, programArgs) =>
      run(program, programArgs, { stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    await must(
      'The test run',
      ...nx(
        'run-many',
        '-t',
        'lint',
        'typecheck',
        'test',
        '--parallel=3',
        '--outputStyle=static',
        '--skipSync',
        ...args,
      ),
    );
  },
};

if (!Object.hasOwn(commands, command ?? '')) {
  process.stderr.write(`usage: node tools/run.mjs ${Object.keys(commands).join(' | ')}\n`);
  process.exit(2);
}
requireNode();
await install();
await commands[command]();
