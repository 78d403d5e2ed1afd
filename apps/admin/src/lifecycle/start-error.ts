import { PkiError } from '@ranked/admin-pki';
import { CertError } from '@ranked/cert';
import { StoreError } from '@ranked/store';
import type { AdminConfig } from '../config/admin-config.js';
import { ConfigError } from '../config/config-error.js';

/** Sentences for the operator on why the dashboard did not start; one for each fault. */
export function explainStartError(error: unknown, config: AdminConfig | undefined): string[] {
  if (error instanceof ConfigError) return [...error.faults];
  if (error instanceof PkiError || error instanceof CertError) return [`${error.message}.`];
  if (error instanceof StoreError) return [`The database cannot be opened: ${error.message}.`];
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE')
    return [
      `Port ${config?.port ?? ''} of the dashboard is in use. Stop what listens there, or set RANKED_ADMIN_PORT.`,
    ];
  if (code === 'EADDRNOTAVAIL')
    return [`The dashboard cannot listen on ${config?.host ?? ''}: this machine does not have that address.`];
  if (code === 'EACCES')
    return [`Port ${config?.port ?? ''} of the dashboard needs rights that this user does not have.`];
  if (code === 'ENOENT')
    return ['The database key is missing: start the master first, or run "certtool init".'];
  return [`The dashboard did not start: ${error instanceof Error ? error.message : String(error)}`];
}
