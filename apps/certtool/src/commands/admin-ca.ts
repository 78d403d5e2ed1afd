import type { Command } from 'commander';
import { remark, result } from '../output.js';
import { settingsFrom } from '../settings.js';

/** `certtool admin-ca`: the authority of the operators' dashboard. */
export function addAdminCa(program: Command): void {
  program
    .command('admin-ca')
    .description("make the authority of the operators' dashboard, if there is none")
    .option('--data <dir>', 'where it lies: <data>/admin (default: $RANKED_DATA or ./data)')
    .addHelpText(
      'after',
      `
Writes <data>/admin/authority.pem and authority.key, mode 0600, and never overwrites them. The dashboard does the same at
its first start. The key is needed to issue certificates only: keep it elsewhere in between if you like. stdout has the path
of the authority's certificate, for browsers and curl to trust.

Examples:
  certtool admin-ca
  curl --cacert "$(certtool admin-ca)" https://localhost:23646/`,
    )
    .action(async (options: { data?: string }) => {
      const { authorityPaths, ensureAuthority } = await import('@ranked/admin-pki');
      const paths = authorityPaths(settingsFrom(options).dataDir);
      const { created } = await ensureAuthority(paths, Date.now());
      remark(
        created
          ? `The authority is made; its key is ${paths.key}`
          : 'The authority is there already; nothing was changed.',
      );
      result(paths.certificate);
    });
}
