import { Command } from 'commander';
import { addAdminCa } from './commands/admin-ca.js';
import { addAdminCert } from './commands/admin-cert.js';
import { addAdminRevoke } from './commands/admin-revoke.js';
import { addAudit } from './commands/audit.js';
import { addInit } from './commands/init.js';
import { addInspect } from './commands/inspect.js';
import { addIssue } from './commands/issue.js';
import { addList } from './commands/list.js';
import { addPubkey } from './commands/pubkey.js';
import { addRevoke } from './commands/revoke.js';
import { addRotateMaster } from './commands/rotate-master.js';
import { addVerify } from './commands/verify.js';
import { EXIT_CODE_HELP, printable } from './output.js';

/** The whole command line. Wrong usage throws a `CommanderError` after its sentence was written to stderr. */
export function buildProgram(): Command {
  const program = new Command('certtool')
    .description("Keys and certificates of a RankedServer, its dashboard's among them.")
    .helpCommand('help [command]', 'what a command does, with examples')
    .showHelpAfterError('"certtool help" lists the commands, "certtool help <command>" tells more of one.')
    .configureOutput({ outputError: (text, write) => write(`certtool: ${oneLineEach(text)}`) })
    .exitOverride()
    .addHelpText('after', EXIT_CODE_HELP)
    .addHelpText(
      'after',
      `
Environment, as for the master:
  RANKED_DATA                 the data directory
  RANKED_DATABASE             the database; or RANKED_DATABASE_FILE, a file that names it
  RANKED_MASTER_KEY_FILE      the master key, if it is not in the data directory
  RANKED_DATABASE_KEY_FILE    the database key, if it is not there; or RANKED_DATABASE_KEY, its digits

Examples:
  certtool init                                  once, before anything else
  certtool issue --name eu-1 --days 90           a certificate for a game server
  certtool inspect data/certificates/eu-1.s2scert
  certtool list --expiring 30d
  certtool revoke eu-1 --reason "machine lost"
  certtool admin-cert --name alice               a certificate that opens the dashboard
  certtool audit verify`,
    );
  for (const add of [
    addInit,
    addIssue,
    addInspect,
    addVerify,
    addList,
    addRevoke,
    addRotateMaster,
    addPubkey,
    addAdminCa,
    addAdminCert,
    addAdminRevoke,
    addAudit,
  ]) {
    add(program);
  }
  return program;
}

/** Commander repeats arguments in its sentences: what they hold is escaped, its own line breaks are kept. */
function oneLineEach(text: string): string {
  return text
    .replace(/^error: /, '')
    .split('\n')
    .map(printable)
    .join('\n');
}
