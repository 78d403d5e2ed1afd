import type { Command } from 'commander';
import { reasonArgument } from '../arguments.js';
import { findRecord } from '../certificate-records.js';
import { databaseExists, withDatabase } from '../database.js';
import { CommandError, ExitCode, dateText, remark, result } from '../output.js';
import { confirm } from '../prompt.js';
import { databaseName, settingsFrom, withSettings } from '../settings.js';

/** `certtool revoke`: ends a certificate before its time. */
export function addRevoke(program: Command): void {
  withSettings(program.command('revoke'))
    .description('revoke a certificate for ever; an open connection of its server ends within a second')
    .argument('<which>', 'uuid, name of the game server, or certificate file (a path, or *.s2scert)')
    .option(
      '--reason <text>',
      'kept with the certificate, 1 to 200 characters',
      reasonArgument,
      'revoked with certtool',
    )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
To revoke a certificate that is revoked already changes nothing and succeeds. stdout has the uuid.

Examples:
  certtool revoke eu-1 --reason "machine lost"
  certtool revoke 3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13 --yes
  certtool revoke ./eu-1.s2scert`,
    )
    .action(
      async (which: string, options: { data?: string; database?: string; reason: string; yes?: true }) => {
        const settings = settingsFrom(options);
        if (!databaseExists(settings)) {
          throw new CommandError(
            ExitCode.unreadable,
            `there is no database ${databaseName(settings.database)}`,
          );
        }
        await withDatabase(settings, async (database) => {
          const { uuid, name, expiresAt, revokedAt } = await findRecord(database, which);
          if (revokedAt !== null) {
            remark(
              `The certificate of ${name} was revoked ${dateText(Math.floor(revokedAt / 1000))}; nothing was changed.`,
            );
          } else {
            if (!options.yes) await confirm(`Revoke ${uuid} of ${name}, expires ${dateText(expiresAt)}?`);
            await database.store.writeGrouped('revoke certificate', (tx) =>
              database.certificates.revoke(tx, uuid, options.reason),
            );
            remark(`The certificate of ${name} is revoked.`);
          }
          result(uuid);
        });
      },
    );
}
