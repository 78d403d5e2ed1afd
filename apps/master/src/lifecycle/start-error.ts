import { types } from 'node:util';
import { CertError } from '@ranked/cert';
import { StoreError } from '@ranked/store';
import { ConfigError } from '../config/config-error.js';
import type { MasterConfig } from '../config/master-config.js';

/** The master cannot start; the message is a sentence for the operator that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code = 'start';
}

/** Sentences for the operator: what stopped the start, and what to do next. Never with a secret in them. */
export function explainStartError(error: unknown, config?: MasterConfig): string[] {
  if (error instanceof ConfigError) return [...error.faults];
  if (error instanceof StartError || error instanceof CertError) return [error.message];
  if (error instanceof StoreError) return [explainStore(error)];
  if (types.isNativeError(error) && 'code' in error) {
    const sentence = explainSystem(error, config);
    if (sentence !== undefined) return [sentence];
  }
  return [
    `The start failed unexpectedly: ${types.isNativeError(error) ? (error.stack ?? error.message) : String(error)}`,
  ];
}

function explainStore(error: StoreError): string {
  switch (error.code) {
    case 'wrong_database_key':
      return 'The database was written under another database key. Put the right key back (database.key in the data directory, RANKED_DATABASE_KEY or RANKED_DATABASE_KEY_FILE); nothing was changed.';
    case 'newer_schema':
      return 'The database was last used by a newer version of this program. Start that version, or restore a backup from before the upgrade.';
    case 'older_schema':
      return 'The database was last used by an older version of this program, and this command only reads. Start the master of this version first: it brings the database up to date.';
    case 'unavailable':
      return `The database cannot be opened: ${error.message}. See that RANKED_DATABASE is right, that the server runs, and that this user may write there.`;
    default:
      return `The database cannot be used (${error.code}): ${error.message}`;
  }
}

function explainSystem(error: Error, config: MasterConfig | undefined): string | undefined {
  const { code, syscall, address, port, path } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo') {
    const name = settingOfPort(config, port);
    if (code === 'EADDRINUSE')
      return `Port ${port} on ${address} is in use by another program. Stop that program, or set ${name}_PORT to another port.`;
    if (code === 'EACCES')
      return `This user may not listen on port ${port}. Set ${name}_PORT to a port above 1023.`;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      return `This machine has no address "${address ?? 'of that name'}". Set ${name}_HOST to an address of this machine.`;
  }
  if (path === undefined) return undefined;
  if (code === 'ENOENT')
    return `${path} does not exist. See that RANKED_DATA and the settings that name files are right.`;
  if (code === 'EACCES' || code === 'EPERM')
    return `This user may not use ${path}. Give it the rights (chown, chmod), or set RANKED_DATA to a directory of its own.`;
  if (code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOSPC')
    return `${path} cannot be used (${code}). Set RANKED_DATA to a directory that can be written.`;
  return undefined;
}

function settingOfPort(config: MasterConfig | undefined, port: number | undefined): string {
  if (port !== undefined && port === config?.s2sPort) return 'RANKED_S2S';
  if (port !== undefined && port === config?.rdvPort) return 'RANKED_RDV';
  return 'RANKED_HTTP';
}
