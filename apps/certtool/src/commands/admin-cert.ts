import type { Command } from 'commander';
import { operatorDaysArgument } from '../arguments.js';
import { withDatabase } from '../database.js';
import { dateText, remark, resultFields, resultJson } from '../output.js';
import { settingsFrom, withSettings } from '../settings.js';

interface AdminCertOptions {
  data?: string;
  database?: string;
  name: string;
  days: number;
  out?: string;
  json?: true;
}

/** `certtool admin-cert`: a certificate that opens the dashboard. */
export function addAdminCert(program: Command): void {
  withSettings(program.command('admin-cert'))
    .description("make a certificate that opens the operators' dashboard")
    .requiredOption(
      '--name <name>',
      'name of the operator, in every row of the audit log; 1 to 64 of A-Z a-z 0-9 . _ @ -',
    )
    .option('--days <n>', 'how long it is valid, at most 365', operatorDaysArgument, 30)
    .option('--out <dir>', 'where to write its files (default: <data>/admin/operators)')
    .option('--json', 'one JSON object; dates in Unix seconds')
    .addHelpText(
      'after',
      `
Writes, all with mode 0600: <name>.p12 to import into a browser, <name>.p12.password with its password, and <name>.pem and
<name>.key for curl. Bring them to the operator over a safe way, and keep no copy. Nothing is overwritten. The certificate is
noted in the database and in the audit log: the dashboard lets in none that is not.

Examples:
  certtool admin-cert --name alice
  certtool admin-cert --name bob --days 7 --out /media/key`,
    )
    .action(async (options: AdminCertOptions) => {
      const { authorityPaths, makeOperatorFiles, openAuthority, requireOperatorName } =
        await import('@ranked/admin-pki');
      const settings = settingsFrom(options);
      const paths = authorityPaths(settings.dataDir);
      const name = requireOperatorName(options.name);
      openAuthority(paths);
      const { issued, files } = await withDatabase(settings, ({ store, operatorCertificates, auditLog }) =>
        makeOperatorFiles(
          paths,
          {
            name,
            days: options.days,
            now: Date.now(),
            ...(options.out !== undefined && { directory: options.out }),
          },
          async ({ serial, issuedAt, expiresAt }) => {
            await store.write('issue operator certificate', async (tx) => {
              await operatorCertificates.insert(tx, { serial, name, issuedAt, expiresAt });
              await auditLog.append(tx, {
                address: 'local',
                actor: null,
                action: 'operator-certificate.issue',
                target: `operator certificate of ${name}`,
                result: 'done',
                detail: { serial, days: options.days, by: 'certtool' },
              });
            });
          },
        ),
      );
      const { serial, issuedAt, expiresAt } = issued;
      if (options.json) {
        resultJson({ serial, name, issuedAt, expiresAt, files: { ...files, authority: paths.certificate } });
        return;
      }
      resultFields([
        ['serial', serial],
        ['name', name],
        ['expires', dateText(expiresAt)],
        ['browser', files.pkcs12],
        ['password', `in ${files.password}`],
        ['curl', `--cert ${files.certificate} --key ${files.key} --cacert ${paths.certificate}`],
      ]);
      remark('The dashboard asks for its token as well.');
    });
}
