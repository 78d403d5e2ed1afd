import { loadConfig, scrubSecrets } from '../config/load-config.js';
import type { MasterConfig } from '../config/master-config.js';
import { createHumanStream } from '../logging/human-stream.js';
import { createLogger, type Logger } from '../logging/logger.js';
import type { RunningMaster } from '../start-master.js';
import { startBanner } from './start-banner.js';
import { explainStartError } from './start-error.js';

/**
 * The life of the process: settings, start, signals, end. SIGTERM and SIGINT drain it; the second one ends it at once. Exit
 * codes: 0 stopped as asked, 1 did not start or did not stop cleanly.
 */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  let config: MasterConfig | undefined;
  try {
    config = loadConfig(process.env);
    scrubSecrets(process.env);
    const terminal = process.stdout.isTTY;
    const log = createLogger(
      config.logLevel,
      { node: config.nodeId },
      terminal ? createHumanStream((text) => process.stdout.write(text)) : undefined,
    );
    stopOnCrash(process, log);
    const stop = new AbortController();
    onSignals(process, log, stop);
    // Loaded only now: most code of others comes with it, and wrong settings are told without it.
    const { startMaster } = await import('../start-master.js');
    const master = await startMaster(config, { log });
    announce(process, config, master, terminal);
    if (!stop.signal.aborted)
      await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
    process.exit(await drainToExitCode(master));
  } catch (error) {
    for (const sentence of explainStartError(error, config)) process.stderr.write(`${sentence}\n`);
    process.exit(1);
  }
}

function announce(
  process: NodeJS.Process,
  config: MasterConfig,
  master: RunningMaster,
  terminal: boolean,
): void {
  const { http, s2s, rdv, masterKeyPath, databaseKeyPath, masterPublicKey, firstStart } = master;
  if (terminal) process.stdout.write(`${startBanner(config, master).join('\n')}\n`);
  else
    master.log.info(
      { component: 'lifecycle', http, s2s, rdv, masterKeyPath, databaseKeyPath, masterPublicKey, firstStart },
      'ready',
    );
}

async function drainToExitCode(master: RunningMaster): Promise<number> {
  try {
    await master.drain();
    return 0;
  } catch (error) {
    master.log.error({ component: 'lifecycle', err: error }, 'the stop was not clean');
    return 1;
  }
}

function onSignals(process: NodeJS.Process, log: Logger, stop: AbortController): void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      log.warn({ component: 'lifecycle', signal }, 'second signal: ending at once');
      process.exit(1);
    }
    log.info({ component: 'lifecycle', signal }, 'stopping');
    stop.abort();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** After an error that nobody caught, nothing that is in memory can be trusted. What matters is in the database. */
function stopOnCrash(process: NodeJS.Process, log: Logger): void {
  const crash = (error: unknown): void => {
    log.fatal({ component: 'lifecycle', err: error }, 'an error that nobody caught');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
