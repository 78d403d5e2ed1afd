import type { Command } from 'commander';
import { databaseExists, withDatabase, type OpenDatabase } from '../database.js';
import { CommandError, ExitCode, remark, result, resultJson } from '../output.js';
import { confirm } from '../prompt.js';
import { databaseName, settingsFrom, withSettings, type Settings } from '../settings.js';

/** `certtool audit`: the log of what operators did. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('check the audit log of the operators’ dashboard')
    .helpCommand('help [command]', 'what a command does, with examples')
    .addHelpText(
      'after',
      `
Examples:
  certtool audit verify
  certtool audit verify --json
  certtool audit reseal`,
    );
  addVerify(audit);
  addReseal(audit);
}

function addVerify(audit: Command): void {
  withSettings(audit.command('verify'))
    .description('check every row; name the first that was changed or removed')
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
The status is 3 if anything is wrong. Rows are chained with a key that comes from the database key, so whoever can only write
to the database cannot hide what he changed, nor cut rows off the end. That the log as a whole was put back to an older
state is seen where the dashboard runs, which notes its last row in admin/audit-mark of the data directory; elsewhere, compare
the number of the last row with the structured log.

Examples:
  certtool audit verify
  certtool audit verify --json --data /var/lib/ranked`,
    )
    .action(async (options: { data?: string; database?: string; json?: true }) => {
      const settings = existing(options);
      const { checked, fault } = await withDatabase(settings, (database) => verify(database, settings));
      if (options.json) resultJson({ ok: fault === null, checked, fault });
      else
        result(fault === null ? `${checked} rows, all as they were written` : `${fault.kind}: ${fault.text}`);
      if (fault !== null) process.exitCode = ExitCode.notValid;
    });
}

function addReseal(audit: Command): void {
  withSettings(audit.command('reseal'))
    .description(
      'go on after an audit log whose end was tampered with; the dashboard refuses every action until then',
    )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Writes a row that says so after the last one there is. What was changed or removed before stays named by "certtool audit
verify" for ever; of rows that were cut off the end, that row says so. After a backup was put back, run it in the data directory
of the dashboard.

Examples:
  certtool audit reseal`,
    )
    .action(async (options: { data?: string; database?: string; yes?: true }) => {
      const settings = existing(options);
      await withDatabase(settings, async (database) => {
        const { store, auditLog, auditMarkPath, readAuditMark, writeAuditMark } = database;
        const { fault } = await verify(database, settings);
        if (fault === null) {
          remark('The audit log is whole; nothing was changed.');
          return;
        }
        if (!options.yes)
          await confirm(`The audit log was tampered with (${fault.text}). Go on after its last row?`);
        const row = await store.write('reseal', (tx) =>
          auditLog.reseal(tx, {
            address: 'local',
            actor: null,
            action: 'audit.reseal',
            target: 'audit log',
            result: 'done',
            detail: { fault: fault.text, by: 'certtool' },
          }),
        );
        // The dashboard here goes on from the row that says so.
        const path = auditMarkPath(settings.dataDir);
        if (readAuditMark(path) !== null) writeAuditMark(path, row);
        remark(`The log goes on with row ${row.id}.`);
      });
    });
}

function verify({ store, auditLog, auditMarkPath, readAuditMark }: OpenDatabase, { dataDir }: Settings) {
  return auditLog.verify((read) => store.read(read), readAuditMark(auditMarkPath(dataDir)));
}

function existing(options: { data?: string; database?: string }): Settings {
  const settings = settingsFrom(options);
  if (!databaseExists(settings))
    throw new CommandError(ExitCode.unreadable, `there is no database ${databaseName(settings.database)}`);
  return settings;
}
