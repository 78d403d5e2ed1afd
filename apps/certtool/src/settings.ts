import { join } from 'node:path';
import { CertError } from '@ranked/cert';
import { keyPaths, parseDatabaseKey, readSecretFile } from '@ranked/cert/files';
import type { Command } from 'commander';
import { CommandError, ExitCode } from './output.js';

/** The database a command works on. */
export type DatabaseTarget = { kind: 'sqlite'; path: string } | { kind: 'postgres'; url: string };

/** Where the database key comes from: the environment itself, a file that it names, or the data directory. */
export type DatabaseKeySource = { given: Uint8Array } | { path: string; elsewhere: boolean };

/** Where everything lies: options first, then the environment, then the defaults. */
export interface Settings {
  dataDir: string;
  masterKeyPath: string;
  /** Whether the master key lies where the environment says, so that it is never made here. */
  masterKeyElsewhere: boolean;
  databaseKey: DatabaseKeySource;
  database: DatabaseTarget;
  /** Whether the user named a database; one that was named has to be there. */
  databaseNamed: boolean;
}

/** Adds the options that every subcommand has. */
export function withSettings(command: Command): Command {
  return command
    .option(
      '--data <dir>',
      'where keys, certificates and the SQLite file lie (default: $RANKED_DATA or ./data)',
    )
    .option(
      '--database <url|path>',
      'PostgreSQL URL or SQLite file (default: $RANKED_DATABASE or <data>/ranked.sqlite); a URL with a password belongs in the environment, arguments are seen by other users',
    );
}

/** The settings that the options of a subcommand and the environment amount to. */
export function settingsFrom(
  options: { data?: string; database?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const dataDir = options.data ?? presentValue(environment, 'RANKED_DATA') ?? 'data';
  const named = options.database ?? databaseFrom(environment);
  if (dataDir === '' || named === '') {
    throw new CommandError(ExitCode.failure, '--data and --database need a value that is not empty');
  }
  const paths = keyPaths(dataDir);
  const masterKeyFile = presentValue(environment, 'RANKED_MASTER_KEY_FILE');
  return {
    dataDir,
    masterKeyPath: masterKeyFile ?? paths.masterKey,
    masterKeyElsewhere: masterKeyFile !== undefined,
    databaseKey: databaseKeySource(environment, paths.databaseKey),
    database: databaseTarget(named ?? join(dataDir, 'ranked.sqlite')),
    databaseNamed: named !== undefined,
  };
}

/** A database's name for people: a URL without its user and password. */
export function databaseName(target: DatabaseTarget): string {
  if (target.kind === 'sqlite') return target.path;
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  return url ? `the PostgreSQL database ${url.host}${url.pathname}` : 'the PostgreSQL database';
}

function databaseTarget(text: string): DatabaseTarget {
  return /^postgres(ql)?:\/\//i.test(text) ? { kind: 'postgres', url: text } : { kind: 'sqlite', path: text };
}

/** The database as the environment names it, by itself or in a file. */
function databaseFrom(environment: NodeJS.ProcessEnv): string | undefined {
  const file = onlyOne(environment, 'RANKED_DATABASE');
  if (file === undefined) return presentValue(environment, 'RANKED_DATABASE');
  return Buffer.from(readSecretFile(file, 4096)).toString('utf8').trim();
}

function databaseKeySource(environment: NodeJS.ProcessEnv, ownPath: string): DatabaseKeySource {
  const file = onlyOne(environment, 'RANKED_DATABASE_KEY');
  const given = presentValue(environment, 'RANKED_DATABASE_KEY');
  if (given === undefined) return { path: file ?? ownPath, elsewhere: file !== undefined };
  try {
    return { given: parseDatabaseKey(given, 'RANKED_DATABASE_KEY') };
  } catch (error) {
    throw new CommandError(
      ExitCode.failure,
      error instanceof CertError ? error.message : 'RANKED_DATABASE_KEY is no key',
    );
  }
}

/** The value of `<name>_FILE`; the setting must not be there in both forms. */
function onlyOne(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = presentValue(environment, `${name}_FILE`);
  if (file !== undefined && presentValue(environment, name) !== undefined) {
    throw new CommandError(ExitCode.failure, `${name} and ${name}_FILE are both set; one of them is allowed`);
  }
  return file;
}

/** An environment variable, unless it is absent or empty: containers often pass empty ones for "not set". */
function presentValue(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[name] === '' ? undefined : environment[name];
}
