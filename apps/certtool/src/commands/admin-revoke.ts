import type { OperatorCertificate } from '@ranked/store';
import type { Command } from 'commander';
import { reasonArgument } from '../arguments.js';
import { databaseExists, withDatabase, type OpenDatabase } from '../database.js';
import { CommandError, ExitCode, dateText, remark, result } from '../output.js';
import { confirm } from '../prompt.js';
import { databaseName, settingsFrom, withSettings } from '../settings.js';

const PAGE = 500;

/** `certtool admin-revoke`: a certificate that opens the dashboard no more. */
export function addAdminRevoke(program: Command): void {
  withSettings(program.command('admin-revoke'))
    .description("revoke a certificate of the operators' dashboard; its open connections end within a second")
    .argument('<which>', 'serial, or name of the operator if he has one certificate in force')
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
To revoke a certificate that is revoked already changes nothing and succeeds. stdout has the serial.

Examples:
  certtool admin-revoke alice --reason "laptop lost"
  certtool admin-revoke 4f2c1a907b5e4d669a01c4e2d8f70b13 --yes`,
    )
    .action(
      async (which: string, options: { data?: string; database?: string; reason: string; yes?: true }) => {
        const settings = settingsFrom(options);
        if (!databaseExists(settings))
          throw new CommandError(
            ExitCode.unreadable,
            `there is no database ${databaseName(settings.database)}`,
          );
        await withDatabase(settings, async (database) => {
          const { serial, name, expiresAt, revokedAt } = await find(database, which);
          if (revokedAt !== null) {
            remark(
              `The certificate of ${name} was revoked ${dateText(Math.floor(revokedAt / 1000))}; nothing was changed.`,
            );
          } else {
            if (!options.yes) await confirm(`Revoke ${serial} of ${name}, expires ${dateText(expiresAt)}?`);
            await revoke(database, serial, name, options.reason);
            remark(`The certificate of ${name} opens the dashboard no more.`);
          }
          result(serial);
        });
      },
    );
}

async function revoke(
  { store, operatorCertificates, auditLog }: OpenDatabase,
  serial: string,
  name: string,
  reason: string,
): Promise<void> {
  await store.write('revoke operator certificate', async (tx) => {
    await operatorCertificates.revoke(tx, serial, reason);
    await auditLog.append(tx, {
      address: 'local',
      actor: null,
      action: 'operator-certificate.revoke',
      target: `operator certificate of ${name}`,
      result: 'done',
      detail: { revoked: serial, reason, by: 'certtool' },
    });
  });
}

async function find(
  { store, operatorCertificates }: OpenDatabase,
  which: string,
): Promise<OperatorCertificate> {
  const all: OperatorCertificate[] = [];
  for (;;) {
    const after = all.at(-1)?.serial;
    const page = await store.read((tx) =>
      operatorCertificates.list(tx, { limit: PAGE, ...(after !== undefined && { after }) }),
    );
    all.push(...page);
    if (page.length < PAGE) break;
  }
  const bySerial = all.find(({ serial }) => serial === which.toLowerCase());
  if (bySerial) return bySerial;
  const named = all.filter(({ name }) => name === which);
  const active = named.filter(
    ({ revokedAt, expiresAt }) => revokedAt === null && expiresAt > Date.now() / 1000,
  );
  const [only, ...others] = active.length > 0 ? active : named;
  if (!only) throw new CommandError(ExitCode.notValid, `the database knows no operator certificate ${which}`);
  if (others.length > 0 && active.length > 0) {
    const serials = active.map(({ serial }) => serial).join(', ');
    throw new CommandError(
      ExitCode.failure,
      `${which} has ${active.length} certificates in force; name one by its serial: ${serials}`,
    );
  }
  return only;
}
