import type { StoreTarget } from '@ranked/store';
import type { AddressRange } from '../gate/address-list.js';
import type { LogLevel } from '../logging/logger.js';

/** Every setting of the dashboard, checked. Made by `loadConfig` from the environment; inject it as a class. */
export class AdminConfig {
  /** Directory of the keys, of the SQLite file, and of the dashboard's own authority. */
  dataDir = './data';
  database: StoreTarget = { kind: 'sqlite', path: 'data/ranked.sqlite' };
  /** 32 bytes; null: `databaseKeyFile`. */
  databaseKey: Uint8Array | null = null;
  databaseKeyFile = 'data/database.key';
  /** Needed to issue certificates and to rotate; it may be absent. */
  masterKeyFile = 'data/master.key';
  /** An IP address. */
  host = '127.0.0.1';
  port = 23_646;
  /** Who may connect, besides the list in the database. */
  allow: AddressRange[] = [];
  /** The same as it was written. */
  allowText: string[] = ['127.0.0.1', '::1'];
  /** Further names of the dashboard's certificate. */
  names: string[] = [];
  logLevel: LogLevel = 'info';
  /** Whether to filter in the kernel where that is possible. */
  kernelFilter = true;
}
