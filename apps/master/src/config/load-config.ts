import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { plainToInstance } from 'class-transformer';
import { wipeInitialEnvironment } from '@ranked/cert/files';
import { validateSync } from 'class-validator';
import { contradictionsOf } from './contradictions.js';
import { ConfigError } from './config-error.js';
import { loadQueues } from './load-queues.js';
import { MasterConfig } from './master-config.js';
import { settingsOf, type SettingInfo } from './setting.js';

const PREFIX = 'RANKED_';
/** Settings of the dashboard, which is started from the same environment. */
const DASHBOARD_PREFIX = 'RANKED_ADMIN_';
const MAX_SECRET_FILE_BYTES = 65_536;

/** The queues that come with the application; the path is the same from `src` and from `dist`. */
const DEFAULT_QUEUES_FILE = fileURLToPath(new URL('../../config/queues.yaml', import.meta.url));

/** An environment: names and values as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes the settings from an environment. For a secret setting `NAME`, the variable `NAME_FILE` may name a file that holds the
 * value; a newline at its end is taken off. Every variable that begins with `RANKED_` must be a setting.
 * @throws ConfigError with one sentence for each value that is wrong, contradictory or unknown
 */
export function loadConfig(env: Environment): MasterConfig {
  const faults: string[] = [];
  const settings = settingsOf(MasterConfig);
  const given = readGiven(env, settings, faults);
  const config = plainToInstance(MasterConfig, Object.fromEntries(given));
  for (const error of validateSync(config)) faults.push(...Object.values(error.constraints ?? {}));
  faults.push(...unknownNames(env, settings));
  if (faults.length > 0) throw new ConfigError(faults);

  if (!given.has('database')) config.database = join(config.dataDir, 'ranked.sqlite');
  if (!given.has('queuesFile')) config.queuesFile = DEFAULT_QUEUES_FILE;
  if (!given.has('nodeId')) config.nodeId = randomBytes(6).toString('hex');
  faults.push(...contradictionsOf(config));
  try {
    config.queues = loadQueues(config.queuesFile);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/**
 * Takes the secrets out of an environment once they are read, so that child processes, crash reports and debuggers do not
 * find them there. Of the process's own environment, what the kernel shows in `/proc` is overwritten as well, where that is
 * possible (Linux); elsewhere use the `NAME_FILE` form.
 */
export function scrubSecrets(env: Record<string, string | undefined>): void {
  const names = settingsOf(MasterConfig).flatMap(({ env: name, secret }) => (secret ? [name] : []));
  const given = names.filter((name) => env[name] !== undefined);
  for (const name of given) delete env[name];
  if (env === process.env && given.length > 0) wipeInitialEnvironment(given);
}

/** Field → text, for all settings that are given directly or by a file. */
function readGiven(
  env: Environment,
  settings: readonly SettingInfo[],
  faults: string[],
): Map<string, string> {
  const given = new Map<string, string>();
  for (const { field, env: name, secret } of settings) {
    const text = env[name];
    const path = secret ? env[`${name}_FILE`] : undefined;
    if (text !== undefined && path !== undefined)
      faults.push(`${name} and ${name}_FILE are both set; allowed is one of them.`);
    else if (text !== undefined) given.set(field, text);
    else if (path !== undefined) readSecret(field, name, path, given, faults);
  }
  return given;
}

function readSecret(
  field: string,
  name: string,
  path: string,
  given: Map<string, string>,
  faults: string[],
): void {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > MAX_SECRET_FILE_BYTES)
      faults.push(
        `${name}_FILE names a file of ${bytes.length} bytes; allowed are at most ${MAX_SECRET_FILE_BYTES}.`,
      );
    else given.set(field, bytes.toString('utf8').replace(/\r?\n$/, ''));
  } catch (error) {
    const code = types.isNativeError(error) && 'code' in error ? String(error.code) : 'error';
    faults.push(
      `${name}_FILE is "${path}", which cannot be read (${code}); allowed is the path of a readable file.`,
    );
  }
}

function unknownNames(env: Environment, settings: readonly SettingInfo[]): string[] {
  const known = new Set(
    settings.flatMap(({ env: name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
  );
  return Object.keys(env)
    .filter(
      (name) =>
        name.startsWith(PREFIX) &&
        !name.startsWith(DASHBOARD_PREFIX) &&
        env[name] !== undefined &&
        !known.has(name),
    )
    .sort()
    .map(
      (name) =>
        `${name} is not a known setting; allowed are the names in docs/operations.md${nearest(name, known)}.`,
    );
}

/** A hint for a slip of the pen: the known name that differs least, if it differs little. */
function nearest(name: string, known: ReadonlySet<string>): string {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (!best || distance < best.distance) best = { name: candidate, distance };
  }
  return best && best.distance <= 3 ? ` (did you mean ${best.name}?)` : '';
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
