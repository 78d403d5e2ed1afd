import { isIP } from 'node:net';
import { join } from 'node:path';
import { CertError } from '@ranked/cert';
import { keyPaths, parseDatabaseKey, readSecretFile } from '@ranked/cert/files';
import { MAX_RANGES, parseAddressRange, type AddressRange } from '../gate/address-list.js';
import { LOG_LEVELS, type LogLevel } from '../logging/logger.js';
import { AdminConfig } from './admin-config.js';
import { ConfigError } from './config-error.js';

/** An environment: names and values as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'RANKED_ADMIN_';
const KNOWN = new Set(['HOST', 'PORT', 'ALLOW', 'NAMES', 'KERNEL_FILTER'].map((name) => PREFIX + name));
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Variables whose values are secrets: they are taken out of the environment once they are read. */
export const SECRET_NAMES = ['TBQ_ADMIN_TOKEN', 'RANKED_DATABASE_KEY', 'RANKED_DATABASE'] as const;

/**
 * Makes the settings from an environment. Those that the dashboard shares with the master (`RANKED_DATA`, `RANKED_DATABASE`,
 * `RANKED_DATABASE_KEY`, `RANKED_MASTER_KEY_FILE`, `RANKED_LOG_LEVEL`) have the same names and meanings; its own begin with
 * `RANKED_ADMIN_`. The master's other settings are none of its business.
 * @throws ConfigError with one sentence for each value that is wrong or unknown
 */
export function loadConfig(env: Environment): AdminConfig {
  const faults: string[] = [];
  const config = new AdminConfig();
  const read = new Reader(env, faults);
  config.dataDir = read.text('RANKED_DATA') ?? config.dataDir;
  const keys = keyPaths(config.dataDir);
  config.masterKeyFile = read.text('RANKED_MASTER_KEY_FILE') ?? keys.masterKey;
  config.databaseKeyFile = read.text('RANKED_DATABASE_KEY_FILE') ?? keys.databaseKey;
  config.databaseKey = read.databaseKey();
  config.database = read.database(join(config.dataDir, 'ranked.sqlite'));
  config.logLevel = read.oneOf<LogLevel>('RANKED_LOG_LEVEL', LOG_LEVELS) ?? config.logLevel;
  config.host = read.text('RANKED_ADMIN_HOST') ?? config.host;
  if (isIP(config.host) === 0)
    faults.push('RANKED_ADMIN_HOST is no IP address; allowed is one, such as 127.0.0.1 or ::.');
  config.port = read.port('RANKED_ADMIN_PORT') ?? config.port;
  config.allowText = read.list('RANKED_ADMIN_ALLOW') ?? config.allowText;
  config.allow = read.ranges('RANKED_ADMIN_ALLOW', config.allowText);
  config.names = read.list('RANKED_ADMIN_NAMES') ?? config.names;
  for (const name of config.names) {
    if (isIP(name) === 0 && !HOST_NAME.test(name))
      faults.push('RANKED_ADMIN_NAMES has an entry that is neither a host name nor an IP address.');
  }
  config.kernelFilter = (read.oneOf('RANKED_ADMIN_KERNEL_FILTER', ['on', 'off']) ?? 'on') === 'on';
  for (const name of Object.keys(env).sort()) {
    if (name.startsWith(PREFIX) && env[name] !== undefined && !KNOWN.has(name))
      faults.push(`${name} is not a known setting; allowed are the names in docs/operations.md.`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** Reads values, and notes what is wrong with them. Secrets are described by their length alone. */
class Reader {
  constructor(
    private readonly env: Environment,
    private readonly faults: string[],
  ) {}

  text(name: string): string | undefined {
    const value = this.env[name];
    if (value === undefined || (value !== '' && !value.includes('\0'))) return value;
    this.faults.push(`${name} is empty; allowed is a text.`);
    return undefined;
  }

  list(name: string): string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((item) => item.trim());
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.env[name];
    const word = words.find((one) => one === value);
    if (value !== undefined && word === undefined)
      this.faults.push(`${name} is not allowed; allowed is one of ${words.join(', ')}.`);
    return word;
  }

  port(name: string): number | undefined {
    const value = this.env[name];
    if (value === undefined) return undefined;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
    this.faults.push(`${name} is not a port; allowed is a whole number from 0 to 65535.`);
    return undefined;
  }

  ranges(name: string, items: readonly string[]): AddressRange[] {
    if (items.length > MAX_RANGES / 2)
      this.faults.push(`${name} has ${items.length} entries; allowed are ${MAX_RANGES / 2}.`);
    return items.flatMap((item) => {
      const range = parseAddressRange(item);
      if (!range)
        this.faults.push(
          `${name} has "${item.slice(0, 60)}"; allowed are addresses and CIDR ranges with commas between them.`,
        );
      return range ? [range] : [];
    });
  }

  databaseKey(): Uint8Array | null {
    const value = this.env['RANKED_DATABASE_KEY'];
    if (value === undefined) return null;
    if (this.env['RANKED_DATABASE_KEY_FILE'] !== undefined)
      this.faults.push(
        'RANKED_DATABASE_KEY and RANKED_DATABASE_KEY_FILE are both set; allowed is one of them.',
      );
    try {
      return parseDatabaseKey(value, 'RANKED_DATABASE_KEY');
    } catch {
      this.faults.push(
        `RANKED_DATABASE_KEY is a text of ${value.length} characters; allowed are 64 hexadecimal digits.`,
      );
      return null;
    }
  }

  database(ownPath: string): AdminConfig['database'] {
    const file = this.env['RANKED_DATABASE_FILE'];
    let named = this.env['RANKED_DATABASE'];
    if (file !== undefined && named !== undefined)
      this.faults.push('RANKED_DATABASE and RANKED_DATABASE_FILE are both set; allowed is one of them.');
    else if (file !== undefined) named = this.file('RANKED_DATABASE_FILE', file);
    const text = named ?? ownPath;
    if (text === '') this.faults.push('RANKED_DATABASE is empty; allowed is a path or a postgres:// URL.');
    return /^postgres(ql)?:\/\//i.test(text)
      ? { kind: 'postgres', url: text, poolSize: 4 }
      : { kind: 'sqlite', path: text };
  }

  private file(name: string, path: string): string | undefined {
    try {
      return Buffer.from(readSecretFile(path, 4096)).toString('utf8').trim();
    } catch (error) {
      const why = error instanceof CertError ? error.message : 'it cannot be read';
      this.faults.push(`${name} names a file that is of no use: ${why}.`);
      return undefined;
    }
  }
}
