import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { issueCertificate, masterKeyId, randomCertificateFields, type Certificate } from '@ranked/cert';
import { writeCertificateFile } from '@ranked/cert/files';
import type { Command } from 'commander';
import { daysArgument, hostArgument } from '../arguments.js';
import { requireName } from '../certificate-name.js';
import { withDatabase } from '../database.js';
import { CommandError, ExitCode, dateText, resultFields, resultJson } from '../output.js';
import { ownMasterKey } from '../own-master-key.js';
import { settingsFrom, withSettings, type Settings } from '../settings.js';

const SECONDS_PER_DAY = 86_400;

interface IssueOptions {
  data?: string;
  database?: string;
  name: string;
  days: number;
  host?: string;
  out?: string;
  json?: true;
}

/** `certtool issue`: a certificate file for a game server, and its row in the database. */
export function addIssue(program: Command): void {
  withSettings(program.command('issue'))
    .description('make a certificate for a game server')
    .requiredOption('--name <name>', 'name of the game server, 1 to 64 characters')
    .option('--days <n>', 'how long it is valid', daysArgument, 365)
    .option(
      '--host <host>',
      'address that players are given, if not the one the game server connects from',
      hostArgument,
    )
    .option('--out <file>', 'where to write it (default: <data>/certificates/<name>.s2scert)')
    .option('--json', 'one JSON object; dates in Unix seconds')
    .addHelpText(
      'after',
      `
The file holds the secret of this game server: bring it there over a safe way and keep no other copy.
It is written with mode 0600 and never overwrites anything.

Examples:
  certtool issue --name eu-1
  certtool issue --name eu-2 --days 30 --host eu-2.example.org --out /media/key/eu-2.s2scert`,
    )
    .action(async (options: IssueOptions) => {
      const settings = settingsFrom(options);
      const name = requireName(options.name);
      const masterKey = ownMasterKey(settings);
      const keyId = masterKeyId(masterKey.publicKey);
      const issuedAt = Math.floor(Date.now() / 1000);
      const certificate = issueCertificate({
        masterSeed: masterKey.seed,
        ...randomCertificateFields((n) => randomBytes(n)),
        issuedAt,
        expiresAt: issuedAt + options.days * SECONDS_PER_DAY,
      });
      const file = options.out ?? join(settings.dataDir, 'certificates', `${name}.s2scert`);
      if (options.out === undefined) fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      await withFile(file, certificate, () => record(settings, certificate, name, keyId, options.host));

      const { uuid, expiresAt } = certificate;
      if (options.json) {
        resultJson({
          uuid,
          name,
          issuedAt,
          expiresAt,
          masterKeyId: keyId,
          publicHost: options.host ?? null,
          file,
        });
      } else {
        resultFields([
          ['uuid', uuid],
          ['name', name],
          ['expires', dateText(expiresAt)],
          ['file', file],
        ]);
      }
    });
}

/**
 * Writes the file, then does `work`. The file comes first, since to make it is also to claim its name; unless `work` ends well it
 * is taken away again, even when the program is interrupted. (Killed in between, it leaves a file that no master will accept.)
 */
async function withFile(path: string, certificate: Certificate, work: () => Promise<void>): Promise<void> {
  writeCertificateFile(path, certificate);
  const takeBack = (): void => fs.rmSync(path, { force: true });
  process.once('exit', takeBack);
  try {
    await work();
  } catch (error) {
    takeBack();
    throw error;
  } finally {
    process.off('exit', takeBack);
  }
}

async function record(
  settings: Settings,
  { uuid, issuedAt, expiresAt, secret }: Certificate,
  name: string,
  keyId: string,
  publicHost: string | undefined,
): Promise<void> {
  const outcome = await withDatabase(settings, ({ store, certificates, settings: stored }) =>
    store.writeGrouped('issue certificate', async (tx) => {
      // In the same transaction as the row: a rotation in the meantime would make the certificate worthless from the start.
      const present = await stored.masterKeyId(tx);
      if (present !== null && present !== keyId) return 'other-key';
      if (present === null) await stored.setMasterKeyId(tx, keyId);
      const fields = { uuid, name, issuedAt, expiresAt, secret, masterKeyId: keyId };
      return certificates.insert(tx, publicHost === undefined ? fields : { ...fields, publicHost });
    }),
  );
  if (outcome === 'other-key') {
    throw new CommandError(
      ExitCode.failure,
      `the database expects another master key than ${settings.masterKeyPath}: a rotation was interrupted, or the two do not belong together; "certtool rotate-master" tells more`,
    );
  }
  if (outcome === 'taken') throw new CommandError(ExitCode.failure, `the uuid is taken; try again`);
}
