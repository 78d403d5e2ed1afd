import * as fs from 'node:fs';
import { masterKeyId } from '@ranked/cert';
import { ensureKeys } from '@ranked/cert/files';
import type { Command } from 'commander';
import { CommandError, ExitCode, remark, result } from '../output.js';
import { settingsFrom, withSettings } from '../settings.js';

/** `certtool init`: the keys of a new data directory. */
export function addInit(program: Command): void {
  withSettings(program.command('init'))
    .description('make the master key and the database key of a new data directory; print the public key')
    .addHelpText(
      'after',
      `
Writes <data>/master.key and <data>/database.key, mode 0600. Nothing is ever overwritten: if both are there
already, the status is 1. The master does the same at its first start, so this is needed only to have keys before it.

Examples:
  certtool init
  certtool init --data /var/lib/ranked > master-public-key.txt`,
    )
    .action((options: { data?: string; database?: string }) => {
      const settings = settingsFrom(options);
      const database = settings.databaseKey;
      const keys = ensureKeys(settings.dataDir, {
        masterKeyFile: settings.masterKeyElsewhere ? settings.masterKeyPath : undefined,
        ...('given' in database ? { databaseKey: database.given } : {}),
        ...('path' in database && database.elsewhere ? { databaseKeyFile: database.path } : {}),
      });
      if (!keys.created) {
        throw new CommandError(
          ExitCode.failure,
          `the keys are there already (${fs.realpathSync(settings.masterKeyPath)}), nothing was changed; "certtool pubkey" prints the public key`,
        );
      }
      remark(`master key    ${settings.masterKeyPath} (id ${masterKeyId(keys.masterKey.publicKey)})`);
      remark(`database key  ${'path' in database ? database.path : 'from RANKED_DATABASE_KEY'}`);
      remark('Keep a copy of both where nobody else reads it. The public key, for game servers and players:');
      result(Buffer.from(keys.masterKey.publicKey).toString('hex'));
    });
}
