import type { CertificateRecord } from '@ranked/store';
import type { Command } from 'commander';
import { durationArgument } from '../arguments.js';
import { allRecords, recordStatus, type RecordStatus } from '../certificate-records.js';
import { databaseExists, withDatabase } from '../database.js';
import { CommandError, ExitCode, dateText, remark, resultJson, resultTable } from '../output.js';
import { databaseName, settingsFrom, withSettings } from '../settings.js';

/** `certtool list`: the certificates that the database knows. */
export function addList(program: Command): void {
  withSettings(program.command('list'))
    .description('list the certificates in the database')
    .option(
      '--expiring <duration>',
      'only valid ones that expire within this time: 12h, 30d, 2w',
      durationArgument,
    )
    .option('--json', 'one JSON array; dates in Unix seconds')
    .addHelpText(
      'after',
      `
Status: valid, not-yet-valid, expired, revoked, or other-key (signed by a master key that is no longer in use).

Examples:
  certtool list
  certtool list --expiring 30d --json`,
    )
    .action(async (options: { data?: string; database?: string; expiring?: number; json?: true }) => {
      const settings = settingsFrom(options);
      if (!databaseExists(settings)) {
        throw new CommandError(
          ExitCode.unreadable,
          `there is no database ${databaseName(settings.database)}`,
        );
      }
      const now = Date.now() / 1000;
      const { records, keyId } = await withDatabase(settings, (database) =>
        database.store.read(async (tx) => ({
          records: await allRecords(database, tx),
          keyId: await database.settings.masterKeyId(tx),
        })),
      );
      const soon = options.expiring;
      const shown = records
        .map((record) => ({ record, status: recordStatus(record, keyId, now) }))
        .filter(
          ({ record, status }) => soon === undefined || (status === 'valid' && record.expiresAt < now + soon),
        )
        .sort(
          (a, b) =>
            a.record.expiresAt - b.record.expiresAt || a.record.name.localeCompare(b.record.name, 'en'),
        );
      if (options.json) {
        resultJson(shown.map(({ record, status }) => toJson(record, status)));
      } else if (shown.length === 0) {
        remark(
          soon === undefined
            ? 'There are no certificates.'
            : 'No valid certificate expires within this time.',
        );
      } else {
        resultTable(
          ['NAME', 'UUID', 'ISSUED', 'EXPIRES', 'STATUS', 'HOST'],
          shown.map(({ record, status }) => [
            record.name,
            record.uuid,
            dateText(record.issuedAt),
            dateText(record.expiresAt),
            status,
            record.publicHost ?? '-',
          ]),
        );
      }
    });
}

function toJson(record: CertificateRecord, status: RecordStatus): object {
  const { uuid, name, issuedAt, expiresAt, masterKeyId, publicHost, revokedAt, revokeReason } = record;
  return {
    uuid,
    name,
    issuedAt,
    expiresAt,
    status,
    masterKeyId,
    publicHost,
    revokedAt: revokedAt === null ? null : Math.floor(revokedAt / 1000),
    revokeReason,
  };
}
