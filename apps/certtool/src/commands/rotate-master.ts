import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { masterKeyId } from '@ranked/cert';
import { readMasterKey, replaceMasterKey } from '@ranked/cert/files';
import type { Command } from 'commander';
import { withDatabase, type OpenDatabase } from '../database.js';
import { remark, result } from '../output.js';
import { confirmNumber } from '../prompt.js';
import { settingsFrom, withSettings, type Settings } from '../settings.js';

/*
 * The key lies in a file, the announcement of its id in the database: no transaction spans both. So the file is the truth, and
 * it changes first. A master that sees a new id in the database always finds that key in the file.
 *
 *   1. the old key is kept as master.key.<id>.old          interrupted after it: nothing has happened yet
 *   2. master.key is replaced in one step (rename)         interrupted after it: file and database name different keys
 *   3. the database names the key that is in the file
 *
 * Between 2 and 3 a running master goes on with the old key, and `issue` refuses to work. Running this command again sees the
 * difference and does step 3 alone, so that one intended rotation does not become two.
 */

/** `certtool rotate-master`: a new master key; every certificate dies. */
export function addRotateMaster(program: Command): void {
  withSettings(program.command('rotate-master'))
    .description('replace the master key: every certificate stops being valid at once')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Says how many certificates will stop being valid, and asks to type that number. The old key is kept as
master.key.<id>.old, mode 0600. Game servers and players that pinned the old public key need the new one, and every game
server needs a new certificate. An interrupted rotation is completed by running the command again.

Examples:
  certtool rotate-master
  certtool rotate-master --yes > master-public-key.txt`,
    )
    .action(async (options: { data?: string; database?: string; yes?: true }) => {
      const settings = settingsFrom(options);
      await withDatabase(settings, (database) => rotate(settings, database, options.yes === true));
    });
}

async function rotate(settings: Settings, database: OpenDatabase, yes: boolean): Promise<void> {
  const { masterKeyPath } = settings;
  const { store, certificates, settings: stored } = database;
  const fileKeyId = keyIdOf(masterKeyPath);
  const announced = await store.read((tx) => stored.masterKeyId(tx));
  const dying = announced ?? fileKeyId;
  const count = await store.read((tx) =>
    dying === undefined ? certificates.countActive(tx) : certificates.countActiveUnderKey(tx, dying),
  );
  const unfinished = announced !== null && fileKeyId !== undefined && announced !== fileKeyId;
  remark(`${count} ${count === 1 ? 'certificate' : 'certificates'} will stop being valid.`);
  if (unfinished) {
    const kept = fs.existsSync(`${masterKeyPath}.${announced}.old`);
    remark(
      kept
        ? `An earlier rotation from ${announced} to ${fileKeyId} was interrupted; it will be completed.`
        : `${masterKeyPath} holds key ${fileKeyId}, the database expects ${announced}: it will expect the key of the file.`,
    );
  } else if (fileKeyId === undefined) {
    remark(`${masterKeyPath} is missing: a new key will be made, nothing can be kept of the old one.`);
  }
  if (!yes) await confirmNumber(unfinished ? 'Complete it?' : 'Make a new master key?', count);

  if (!unfinished) {
    const { keptAs } = replaceMasterKey(masterKeyPath, randomBytes(32));
    if (keptAs !== undefined) remark(`The old key is kept as ${keptAs}`);
  }
  await store.writeGrouped('rotate master key', async (tx) => {
    // Read here, not before: of two rotations at once, the one that commits last announces what the file holds then.
    const keyId = keyIdOf(masterKeyPath);
    if (keyId !== undefined) await stored.setMasterKeyId(tx, keyId);
  });
  const { publicKey } = readMasterKey(masterKeyPath);
  remark(`The master key is now ${masterKeyId(publicKey)}. Its public key:`);
  result(Buffer.from(publicKey).toString('hex'));
}

function keyIdOf(path: string): string | undefined {
  return fs.existsSync(path) ? masterKeyId(readMasterKey(path).publicKey) : undefined;
}
