// What `npm start` starts once everything is built: the master, and the operators' dashboard beside it.
// Run by itself it does the same without building.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SECRETS = ['TBQ_ADMIN_TOKEN', 'RANKED_DATABASE_KEY', 'RANKED_DATABASE'];
const FILES = new URL('../libs/cert/dist/files.js', import.meta.url);
let isSaid = false;

/**
 * The environment for programs that are started, and the dashboard's token apart from it: that goes to the dashboard alone, and
 * through a pipe. It comes as bytes, which can be overwritten; a string would stay in memory for as long as this program runs.
 */
export function takeEnvironment() {
  const { TBQ_ADMIN_TOKEN: token, ...environment } = process.env;
  delete process.env.TBQ_ADMIN_TOKEN;
  if (token === undefined) return { environment };
  const adminToken = Buffer.alloc(Buffer.byteLength(token));
  adminToken.write(token);
  return { environment, adminToken };
}

/** An environment for programs that have no business with secrets: what installs and builds is not all ours. */
export function withoutSecrets(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SECRETS.includes(name)));
}

/** Runs both until the master ends; resolves to the master's exit status. */
export async function startMasterAndDashboard({ root, env, adminToken, args }) {
  await wipeSecrets(env, adminToken);
  const dashboard = startDashboard(root, env, adminToken);
  try {
    const master = runMaster(root, env, args);
    for (const name of SECRETS) delete env[name];
    return await master;
  } finally {
    dashboard.stop();
    await dashboard.ended;
  }
}

/**
 * Takes secrets out of what the kernel shows of this process's environment, and of npm's and its shell's, which only passed them
 * on. The children do the same for themselves. Before the first build there is nothing to do it with.
 */
export async function wipeSecrets(env, adminToken) {
  if (adminToken === undefined && SECRETS.every((name) => env[name] === undefined)) return;
  if (!existsSync(FILES)) return;
  const { wipeInitialEnvironment } = await import(FILES.href);
  const outcomes = ['self', ...npmAncestors()].map((pid) => wipeInitialEnvironment(SECRETS, pid));
  const left = outcomes.find(({ result }) => result === 'unsupported');
  if (left === undefined || isSaid) return;
  isSaid = true;
  process.stderr.write(
    `Secrets are still in the environment of a process that npm made: ${left.reason}. ` +
      'Use TBQ_ADMIN_TOKEN_FILE and the other settings that end in _FILE.\n',
  );
}

/** The processes between this one and whoever called npm: npm itself, and the shell in which it runs scripts. */
function npmAncestors() {
  const pids = [];
  for (let pid = process.ppid; pids.length < 4 && existsSync(`/proc/${pid}/stat`);) {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' ');
    const isNpm = /^npm\b|\bnpm(-cli\.js)? /.test(command);
    if (!isNpm && !/^\S*sh -c .*\b(run|start)\.mjs/.test(command)) break;
    pids.push(pid);
    if (isNpm) break;
    // The parent is the second field after the name, which may itself have spaces and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    pid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  return pids;
}

/** If the dashboard cannot start it says why, and the master goes on without it. */
function startDashboard(root, env, adminToken) {
  const hasToken = adminToken !== undefined;
  const child = spawn(process.execPath, [join(root, 'apps/admin/dist/main.js')], {
    cwd: root,
    env: hasToken ? { ...env, TBQ_ADMIN_TOKEN_FILE: '-' } : env,
    stdio: [hasToken ? 'pipe' : 'ignore', 'inherit', 'inherit'],
    detached: true,
  });
  // A program that ends without reading its input closes the pipe.
  child.stdin?.on('error', () => undefined);
  child.stdin?.on('close', () => adminToken.fill(0));
  child.stdin?.end(adminToken);
  const ended = new Promise((resolve) => {
    child.on('error', resolve);
    child.on('close', resolve);
  });
  return { ended, stop: () => child.kill('SIGTERM') };
}

/**
 * Runs the master to its end; resolves to its exit status. A terminal, a supervisor and npm send a signal to every process that they
 * know: in a group of its own the master gets each one once, from here, and takes the second for a second.
 */
function runMaster(root, env, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'apps/master/dist/main.js'), ...args], {
      cwd: root,
      env,
      stdio: 'inherit',
      detached: true,
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    // The terminal is gone: nobody is left to end it.
    process.on('SIGHUP', () => child.kill('SIGTERM'));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ? 1 : code));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const { environment: env, adminToken } = takeEnvironment();
  process.exitCode = await startMasterAndDashboard({ root, env, adminToken, args: process.argv.slice(2) });
}
