import * as fs from 'node:fs';
import { readMasterKey, type MasterKey } from '@ranked/cert/files';
import { CommandError, ExitCode } from './output.js';
import type { Settings } from './settings.js';

/**
 * The master key of the data directory.
 *
 * @throws CommandError `unreadable` if there is none; CertError or an error of `node:fs` if it is not fit for use
 */
export function ownMasterKey({ masterKeyPath }: Settings): MasterKey {
  if (!fs.existsSync(masterKeyPath)) {
    throw new CommandError(
      ExitCode.unreadable,
      `the master key ${masterKeyPath} is missing; "certtool init" makes the keys of a new data directory`,
    );
  }
  return readMasterKey(masterKeyPath);
}
