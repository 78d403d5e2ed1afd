import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { wipeInitialEnvironment } from '@ranked/cert/files';
import type { AdminConfig } from '../config/admin-config.js';
import { loadConfig, SECRET_NAMES } from '../config/load-config.js';
import { createLogger, type Logger } from '../logging/logger.js';
import type { RunningAdmin } from '../start-admin.js';
import { loadToken, type LoadedToken } from '../token/load-token.js';
import { explainStartError } from './start-error.js';

/** How long the dashboard waits for the database key, and how often it looks, ms. */
const KEY_MS = 30_000;
const KEY_LOOK_MS = 200;
/** Time a stopping dashboard has; then it exits as it is, ms. */
const STOP_MS = 5_000;

/**
 * The life of the process: settings, start, signals, end. Exit codes: 0 stopped as asked, 1 did not start or did not stop
 * cleanly. Secrets are gone from its environment, and from what the kernel shows of it, before anything else is done.
 */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  let config: AdminConfig | undefined;
  try {
    const taken = takeSettings(process);
    config = taken.config;
    const log = createLogger(config.logLevel);
    if (taken.leftInProc !== undefined)
      log.warn(
        { reason: taken.leftInProc },
        'secrets of the environment are still shown in /proc; use the _FILE settings',
      );
    process.on('unhandledRejection', (err) => crash(process, log, err));
    process.on('uncaughtException', (err) => crash(process, log, err));
    const stop = stopSignal(process);
    await databaseKeyOf(config, log);
    // Loaded only now: nearly all code of others comes with it, and wrong settings are told without it.
    const { startAdmin } = await import('../start-admin.js');
    const admin = await startAdmin(config, taken.token, log);
    announce(process, config, taken.token, admin, log);
    await stop;
    log.info('stopping');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    await admin.close();
    process.exit(0);
  } catch (error) {
    for (const sentence of explainStartError(error, config)) process.stderr.write(`${sentence}\n`);
    process.exit(1);
  }
}

function takeSettings(process: NodeJS.Process): {
  config: AdminConfig;
  token: LoadedToken;
  leftInProc: string | undefined;
} {
  try {
    const config = loadConfig(process.env);
    return {
      config,
      // Where the data directory keeps a token that the dashboard made.
      token: loadToken(process.env, join(config.dataDir, 'admin', 'token')),
      leftInProc: forgetSecrets(process),
    };
  } catch (error) {
    forgetSecrets(process);
    throw error;
  }
}

/** The master makes the database key at its first start: started beside it, the dashboard waits a little for that. */
async function databaseKeyOf(config: AdminConfig, log: Logger): Promise<void> {
  if (config.databaseKey !== null) return;
  const until = performance.now() + KEY_MS;
  for (let said = false; !existsSync(config.databaseKeyFile) && performance.now() < until; said = true) {
    if (!said) log.debug({ path: config.databaseKeyFile }, 'waiting for the master to make the database key');
    await setTimeoutPromise(KEY_LOOK_MS);
  }
}

/** Gives why it could not be done. */
function forgetSecrets(process: NodeJS.Process): string | undefined {
  const given = SECRET_NAMES.filter((name) => process.env[name] !== undefined);
  for (const name of given) delete process.env[name];
  if (given.length === 0) return undefined;
  const outcome = wipeInitialEnvironment(given);
  return outcome.result === 'unsupported' ? outcome.reason : undefined;
}

/** SIGTERM and SIGINT stop it; the same one again ends it at once. (Ctrl-C sends one, and whoever started us may send the other.) */
function stopSignal(process: NodeJS.Process): Promise<void> {
  return new Promise((resolve) => {
    let first: NodeJS.Signals | undefined;
    const ask = (signal: NodeJS.Signals): void => {
      if (signal === first) process.exit(1);
      first ??= signal;
      resolve();
    };
    process.on('SIGTERM', ask);
    process.on('SIGINT', ask);
  });
}

function crash(process: NodeJS.Process, log: Logger, err: unknown): void {
  log.fatal({ err }, 'the dashboard fails');
  process.exit(1);
}

function announce(
  process: NodeJS.Process,
  config: AdminConfig,
  token: LoadedToken,
  admin: RunningAdmin,
  log: Logger,
): void {
  const { address, port } = admin.address;
  const shown =
    address === '127.0.0.1' || address === '0.0.0.0' || address === '::' || address === '::1'
      ? 'localhost'
      : address;
  const url = `https://${shown.includes(':') ? `[${shown}]` : shown}:${port}/`;
  const { firstOperator, authority, gate } = admin;
  const facts = {
    url,
    allow: config.allowText,
    kernelFilter: gate.kernelFilter.active,
    tokenFile: token.path,
    authority: authority.certificate,
    ...(firstOperator && { certificate: firstOperator.pkcs12, certificatePassword: firstOperator.password }),
  };
  if (!process.stdout.isTTY) {
    log.info({ ...facts }, 'ready');
    return;
  }
  const lines = [
    `Dashboard        ${url}`,
    ...(firstOperator
      ? [
          `  certificate    ${firstOperator.pkcs12}: import it into your browser`,
          `  its password   in ${firstOperator.password}`,
        ]
      : []),
    ...(token.path === null ? [] : [`  token          in ${token.path}: the page asks for it`]),
    `  authority      ${authority.certificate}: the browser has to trust it, or warns`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
