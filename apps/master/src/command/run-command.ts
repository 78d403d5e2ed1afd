import { types } from 'node:util';
import { CertError } from '@ranked/cert';
import { StoreError } from '@ranked/store';
import { ConfigError } from '../config/config-error.js';
import { loadConfig, type Environment } from '../config/load-config.js';
import type { MasterConfig } from '../config/master-config.js';
import { explainStartError } from '../lifecycle/start-error.js';
import { usage } from './arguments.js';
import { CALIBRATE_HELP, calibrateCommand } from './calibrate-command.js';
import { MAINTENANCE_HELP, maintenanceCommand } from './maintenance-command.js';
import { CommandError, ExitCode, type Output } from './output.js';
import { REPLAY_HELP, replayCommand } from './replay-command.js';

type Command = (args: readonly string[], config: MasterConfig, output: Output) => Promise<ExitCode>;

const COMMANDS: ReadonlyMap<string, { run: Command; help: string }> = new Map([
  ['calibrate', { run: calibrateCommand, help: CALIBRATE_HELP }],
  ['maintenance', { run: maintenanceCommand, help: MAINTENANCE_HELP }],
  ['replay', { run: replayCommand, help: REPLAY_HELP }],
]);

const HELP = `ranked <command> [options]

Works on what a RankedServer has stored.

  calibrate    fit a queue's rating parameters to the matches that were played
  maintenance  close the service for maintenance, or open it again
  replay       rate all matches again: an audit, without some matches, or by new parameters

"ranked <command> --help" tells more of one.

Settings come from the environment, as for the master: RANKED_DATA, RANKED_DATABASE, RANKED_QUEUES_FILE and the rest.

Exit status:
  0    done; for an audit: what is stored is what the matches make
  1    wrong usage, anything else
  2    settings, the queues file, the key or the database cannot be read
  3    an audit found a difference
  130  ended by Ctrl-C`;

/** Runs the program; gives its exit status and throws nothing. */
export async function runCommand(
  argv: readonly string[],
  env: Environment,
  output: Output,
): Promise<ExitCode> {
  try {
    const [name, ...args] = argv;
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      output.result(COMMANDS.get(args[0] ?? '')?.help ?? HELP);
      return name === undefined ? ExitCode.failure : ExitCode.ok;
    }
    const command = COMMANDS.get(name);
    if (!command) throw usage(`there is no command "${name}"`);
    if (args.includes('--help') || args.includes('-h')) {
      output.result(command.help);
      return ExitCode.ok;
    }
    return await command.run(args, loadConfig(env), output);
  } catch (error) {
    return report(error, output);
  }
}

function report(error: unknown, output: Output): ExitCode {
  if (error instanceof CommandError) {
    output.remark(`ranked: ${error.message}`);
    return error.exitCode;
  }
  for (const sentence of explainStartError(error)) output.remark(`ranked: ${sentence}`);
  const unreadable =
    error instanceof ConfigError ||
    error instanceof CertError ||
    error instanceof StoreError ||
    (types.isNativeError(error) && 'syscall' in error);
  return unreadable ? ExitCode.unreadable : ExitCode.failure;
}
