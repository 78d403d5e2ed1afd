import type { Command } from 'commander';
import { databaseExists, withDatabase } from '../database.js';
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
to the database cannot hide what he changed, nor cut rows off the end. A whole older copy of the database, put back in
place of the present one, cannot be told from it alone: compare the number of its last row with the structured log.

Examples:
  certtool audit verify
  certtool audit verify --json --data /var/lib/ranked`,
    )
    .action(async (options: { data?: string; database?: string; json?: true }) => {
      const settings = existing(options);
      const { checked, fault } = await withDatabase(settings, ({ store, auditLog }) =>
        auditLog.verify((read) => store.read(read)),
      );
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
verify" for ever.

Examples:
  certtool audit reseal`,
    )
    .action(async (options: { data?: string; database?: string; yes?: true }) => {
      const settings = existing(options);
      await withDatabase(settings, async ({ store, auditLog }) => {
        const { fault } = await auditLog.verify((read) => store.read(read));
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
        remark(`The log goes on with row ${row.id}.`);
      });
    });
}

function existing(options: { data?: string; database?: string }): Settings {
  const settings = settingsFrom(options);
  if (!databaseExists(settings))
    throw new CommandError(ExitCode.unreadable, `there is no database ${databaseName(settings.database)}`);
  return settings;
}
