import type { CertificateRecord } from '@ranked/store';
import type { Command } from 'commander';
import { readCertificate } from '../certificate-input.js';
import { reportLines, reportOn, type CertificateReport } from '../certificate-report.js';
import { databaseExists, withDatabase } from '../database.js';
import { masterPublicKey } from '../master-public-key.js';
import { ExitCode, dateText, remark, resultFields, resultJson } from '../output.js';
import { ownMasterKey } from '../own-master-key.js';
import { databaseName, settingsFrom, withSettings, type Settings } from '../settings.js';

/** What the database says of a certificate; `unchecked` without a database. */
type Revocation = 'not-revoked' | 'revoked' | 'unknown' | 'unchecked';

/** `certtool verify`: whether the master would let this certificate in now. */
export function addVerify(program: Command): void {
  withSettings(program.command('verify'))
    .description(
      'check a certificate as the master does: signature, dates, and revocation where there is a database',
    )
    .argument('<file>', 'a .s2scert file, or - for stdin')
    .option('--master-key <file|hex>', 'another key than <data>/master.key: as for inspect')
    .option('--json', 'one JSON object; dates in Unix seconds')
    .addHelpText(
      'after',
      `
A certificate that the database does not know is "unknown" and not valid, however good its signature.
If no database was named and <data>/ranked.sqlite does not exist, revocation is not checked, and stderr says so.

Examples:
  certtool verify data/certificates/eu-1.s2scert
  certtool verify eu-1.s2scert --master-key 7d4d0e7f… --json     on the game server's machine`,
    )
    .action(
      async (
        file: string,
        options: { data?: string; database?: string; masterKey?: string; json?: true },
      ) => {
        const settings = settingsFrom(options);
        const publicKey =
          options.masterKey === undefined
            ? ownMasterKey(settings).publicKey
            : masterPublicKey(options.masterKey);
        const report = reportOn(await readCertificate(file), publicKey, Date.now() / 1000);
        const record = await lookUp(settings, report.uuid);
        const revocation = revocationOf(record);
        const judged = { ...report, status: withRevocation(report.status, revocation), revocation };
        if (options.json) resultJson(judged);
        else resultFields([...reportLines(judged), ['revocation', revocationText(record)]]);
        process.exitCode = judged.status === 'valid' ? ExitCode.ok : ExitCode.notValid;
      },
    );
}

async function lookUp(settings: Settings, uuid: string): Promise<CertificateRecord | null | undefined> {
  if (!settings.databaseNamed && !databaseExists(settings)) {
    remark(`There is no database ${databaseName(settings.database)}: revocation was not checked.`);
    return undefined;
  }
  return withDatabase(settings, ({ store, certificates }) =>
    store.read((tx) => certificates.byUuid(tx, uuid)),
  );
}

function revocationOf(record: CertificateRecord | null | undefined): Revocation {
  if (record === undefined) return 'unchecked';
  if (record === null) return 'unknown';
  return record.revokedAt === null ? 'not-revoked' : 'revoked';
}

/** A bad signature says more than anything the database knows of that uuid; the rest outweighs the dates. */
function withRevocation(
  status: CertificateReport['status'],
  revocation: Revocation,
): CertificateReport['status'] {
  if (status === 'bad-signature') return status;
  return revocation === 'revoked' || revocation === 'unknown' ? revocation : status;
}

function revocationText(record: CertificateRecord | null | undefined): string {
  if (record === undefined) return 'not checked';
  if (record === null) return 'the database does not know this certificate';
  if (record.revokedAt === null) return `not revoked, issued to ${record.name}`;
  const reason = record.revokeReason === null ? '' : `: ${record.revokeReason}`;
  return `revoked ${dateText(Math.floor(record.revokedAt / 1000))}${reason}`;
}
