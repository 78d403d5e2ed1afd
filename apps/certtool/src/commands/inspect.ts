import type { Command } from 'commander';
import { readCertificate } from '../certificate-input.js';
import { reportLines, reportOn } from '../certificate-report.js';
import { masterPublicKey } from '../master-public-key.js';
import { ExitCode, resultFields, resultJson } from '../output.js';

/** `certtool inspect`: what a certificate file says, without any database. */
export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('show a certificate, never its secret; the status tells whether it is valid now')
    .argument('<file>', 'a .s2scert file, or - for stdin')
    .option(
      '--master-key <file|hex>',
      'check the signature: a public key (64 hex digits, or a file of them or PEM) or a master.key',
    )
    .option('--json', 'one JSON object; dates in Unix seconds')
    .addHelpText(
      'after',
      `
Without --master-key the signature is not checked, and the status follows from the dates alone.
Revocations are not looked up; that is what "certtool verify" does.
A file that others may read is refused; mend its mode, or pass it through stdin.

Examples:
  certtool inspect eu-1.s2scert
  certtool inspect eu-1.s2scert --master-key master.pem --json
  ssh eu-1 cat /etc/game/eu-1.s2scert | certtool inspect -`,
    )
    .action(async (file: string, options: { masterKey?: string; json?: true }) => {
      const publicKey = options.masterKey === undefined ? undefined : masterPublicKey(options.masterKey);
      const report = reportOn(await readCertificate(file), publicKey, Date.now() / 1000);
      if (options.json) resultJson(report);
      else resultFields(reportLines(report));
      process.exitCode = report.status === 'valid' ? ExitCode.ok : ExitCode.notValid;
    });
}
