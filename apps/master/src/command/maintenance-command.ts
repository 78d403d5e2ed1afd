import { settings, type Maintenance } from '@ranked/store';
import type { MasterConfig } from '../config/master-config.js';
import { optionsOf, usage } from './arguments.js';
import { withDatabase } from './database.js';
import { ExitCode, type Output } from './output.js';

export const MAINTENANCE_HELP = `ranked maintenance on|off|status [--message <text>]

Closes the service for maintenance, or opens it again. While it is closed nothing new begins: no joins, no matches; open ready
checks end with nobody to blame. Matches that were sent to their servers are played and rated; who plays can reconnect, everybody
else who comes is refused. Who is connected stays, and keeps his place in the queue.

  on                  closes it; again: changes the message
  off                 opens it
  status              says which
  --message <text>    with "on": what players are told, at most 500 characters

Every master over this database follows with its next tick.

Examples:
  ranked maintenance on --message "Back at noon."
  ranked maintenance status
  ranked maintenance off`;

/** Line ends and other controls: what players are told is one line. */
const CONTROLS = /[\p{C}\p{Zl}\p{Zp}]/u;

/** `ranked maintenance` */
export async function maintenanceCommand(
  [action, ...args]: readonly string[],
  config: MasterConfig,
  output: Output,
): Promise<ExitCode> {
  if (action !== 'on' && action !== 'off' && action !== 'status') {
    throw usage(`"maintenance ${action ?? ''}" is nothing it can do; allowed are on, off and status`);
  }
  const { message } = optionsOf(args, { message: 'string' });
  if (message !== undefined) {
    if (action !== 'on') throw usage(`--message is given with "${action}"; allowed is it with "on"`);
    if (message === '' || [...message].length > settings.LONGEST_MESSAGE || CONTROLS.test(message)) {
      throw usage(`--message is not one line of 1 to ${settings.LONGEST_MESSAGE} characters`);
    }
  }
  // As for who only reads: a switch is no reason to change the schema under a master that runs.
  const state = await withDatabase(config, 'read', async (store) => {
    if (action !== 'status')
      await store.write('maintenance', (tx) => settings.setMaintenance(tx, action === 'on', message));
    return store.read((tx) => settings.maintenanceNotice(tx));
  });
  output.result(sentenceOf(state));
  return ExitCode.ok;
}

function sentenceOf({ on, message }: Maintenance): string {
  if (!on) return 'open: players can join';
  return message === null ? 'closed for maintenance' : `closed for maintenance: ${message}`;
}
