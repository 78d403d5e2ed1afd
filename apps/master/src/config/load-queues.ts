import 'reflect-metadata';
import { readFileSync, statSync } from 'node:fs';
import { types } from 'node:util';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
  validateSync,
} from 'class-validator';
import type { ValidationArguments, ValidationError, ValidationOptions } from 'class-validator';
import { validateQueueRules } from '@ranked/matchmaker';
import { ratingModel, type RatingModel } from '@ranked/rating';
import { parse } from 'yaml';
import { standingRules } from '../rating/standing.js';
import { ConfigError } from './config-error.js';
import { matchmakingRules } from './matchmaking-rules.js';
import type { QueueConfig } from './queue-config.js';

const MAX_FILE_BYTES = 1_048_576;
const MAX_PLAYERS = 1_000;

/** `allowed` as the message of a class-validator rule. The path of the value is put in front later. */
function allowed(text: string): ValidationOptions {
  return { message: (args: ValidationArguments) => `is ${shapeOf(args.value)}; allowed is ${text}.` };
}

class WindowEntry {
  @IsNumber({}, allowed('a number from 0 to 100000'))
  @Min(0, allowed('a number from 0 to 100000'))
  @Max(100_000, allowed('a number from 0 to 100000'))
  initial = 100;

  @IsNumber({}, allowed('a number from 0 to 10000'))
  @Min(0, allowed('a number from 0 to 10000'))
  @Max(10_000, allowed('a number from 0 to 10000'))
  perSecond = 10;

  @IsNumber({}, allowed('a number from 0 to 100000'))
  @Min(0, allowed('a number from 0 to 100000'))
  @Max(100_000, allowed('a number from 0 to 100000'))
  max = 1_000;

  @IsNumber({}, allowed('a number of seconds from 0 to 86400'))
  @Min(0, allowed('a number of seconds from 0 to 86400'))
  @Max(86_400, allowed('a number of seconds from 0 to 86400'))
  lastResortAfter = 180;

  @IsOptional()
  @IsArray(allowed('a list of [seconds, points]'))
  curve?: [number, number][];
}

class TierEntry {
  @Matches(/^[^\p{C}]{1,64}$/u, allowed('a name of 1 to 64 characters'))
  name!: string;

  @IsNumber({}, allowed('a number of points from -1000000 to 1000000'))
  @Min(-1_000_000, allowed('a number of points from -1000000 to 1000000'))
  @Max(1_000_000, allowed('a number of points from -1000000 to 1000000'))
  from!: number;
}

class RanksEntry {
  @IsOptional()
  @IsArray(allowed('a list of tiers'))
  @ArrayMinSize(1, allowed('a list of at least one tier'))
  @ArrayMaxSize(64, allowed('a list of at most 64 tiers'))
  @ValidateNested({ each: true })
  @Type(() => TierEntry)
  tiers?: TierEntry[];

  @IsOptional()
  @IsNumber({}, allowed('a number of points from 0 to 100000'))
  @Min(0, allowed('a number of points from 0 to 100000'))
  @Max(100_000, allowed('a number of points from 0 to 100000'))
  tierMargin?: number;

  @IsNumber({}, allowed('a number from 0.01 to 1'))
  @Min(0.01, allowed('a number from 0.01 to 1'))
  @Max(1, allowed('a number from 0.01 to 1'))
  provisional = 0.5;
}

class ReadyCheckEntry {
  @IsInt(allowed('a whole number of seconds from 3 to 300'))
  @Min(3, allowed('a whole number of seconds from 3 to 300'))
  @Max(300, allowed('a whole number of seconds from 3 to 300'))
  seconds!: number;
}

class QueueEntry {
  @Matches(/^[a-z0-9][a-z0-9_-]{0,63}$/, allowed('1 to 64 of a–z 0–9 _ -, beginning with a letter or digit'))
  name!: string;

  @IsInt(allowed('a whole number from 2 to 64'))
  @Min(2, allowed('a whole number from 2 to 64'))
  @Max(64, allowed('a whole number from 2 to 64'))
  teams!: number;

  @IsInt(allowed('a whole number from 1 to 100'))
  @Min(1, allowed('a whole number from 1 to 100'))
  @Max(100, allowed('a whole number from 1 to 100'))
  size!: number;

  @IsOptional()
  @IsObject(allowed('an object of rating parameters'))
  rating?: Record<string, unknown>;

  @IsOptional()
  @IsInt(allowed('the index of a team, from 0'))
  @Min(0, allowed('the index of a team, from 0'))
  host?: number;

  @IsOptional()
  @IsNumber({}, allowed('a number from 0 to 100'))
  @Min(0, allowed('a number from 0 to 100'))
  @Max(100, allowed('a number from 0 to 100'))
  matchImportance?: number;

  @IsObject(allowed('an object with tiers, tierMargin and provisional'))
  @ValidateNested()
  @Type(() => RanksEntry)
  ranks: RanksEntry = new RanksEntry();

  @IsObject(allowed('an object with initial, perSecond, max and lastResortAfter'))
  @ValidateNested()
  @Type(() => WindowEntry)
  window: WindowEntry = new WindowEntry();

  @IsOptional()
  @IsInt(allowed('a whole number from 0 to 10000000'))
  @Min(0, allowed('a whole number from 0 to 10000000'))
  @Max(10_000_000, allowed('a whole number from 0 to 10000000'))
  searchSteps?: number;

  @IsOptional()
  @IsObject(allowed('an object with seconds'))
  @ValidateNested()
  @Type(() => ReadyCheckEntry)
  readyCheck?: ReadyCheckEntry;
}

class QueuesFile {
  @IsArray(allowed('a list of queues'))
  @ArrayMinSize(1, allowed('a list of at least one queue'))
  @ArrayMaxSize(64, allowed('a list of at most 64 queues'))
  @ValidateNested({ each: true })
  @Type(() => QueueEntry)
  queues!: QueueEntry[];
}

/**
 * Reads the queues from a JSON or YAML file (`{ queues: [{ name, teams, size, rating?, host?, matchImportance?, window?, searchSteps?, readyCheck?, ranks? }] }`).
 * @throws ConfigError with one sentence per fault
 */
export function loadQueues(path: string): QueueConfig[] {
  const fault = (text: string) => `The queues file ${path}${text}`;
  const document = readDocument(path);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new ConfigError([fault(' is no object; allowed is an object with the one member "queues".')]);
  }
  // An object in place of the list would be made into one queue by the transformer.
  if (!('queues' in document) || !Array.isArray(document.queues)) {
    const value = 'queues' in document ? document.queues : undefined;
    throw new ConfigError([fault(`: queues is ${shapeOf(value)}; allowed is a list of queues.`)]);
  }
  const file = plainToInstance(QueuesFile, document, { exposeDefaultValues: true });
  const errors = validateSync(file, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  if (errors.length > 0)
    throw new ConfigError(
      errors.flatMap((error) => sentencesOf(error, '')).map((text) => fault(`: ${text}`)),
    );

  const faults = repeatedNames(file.queues).map((name) =>
    fault(`: the name "${name}" is given to several queues; allowed is one queue of each name.`),
  );
  const queues = file.queues.map((entry) =>
    completeQueue(entry, (text) => faults.push(fault(`: queue "${entry.name}": ${text}`))),
  );
  if (faults.length > 0) throw new ConfigError(faults);
  return queues.filter((queue) => queue !== undefined);
}

function repeatedNames(entries: readonly QueueEntry[]): string[] {
  const names = entries.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function readDocument(path: string): unknown {
  let text: string;
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw new Error('it is larger than 1 MiB');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([
      `The queues file ${path} cannot be read (${messageOf(error)}); RANKED_QUEUES_FILE must name a JSON or YAML file.`,
    ]);
  }
  try {
    return parse(text, { strict: true, uniqueKeys: true, maxAliasCount: 0 }) as unknown;
  } catch (error) {
    throw new ConfigError([
      `The queues file ${path} is not valid YAML or JSON: ${messageOf(error).split('\n')[0]}`,
    ]);
  }
}

/** Fills in the rating parameters and asks the libraries whether they can work with the queue. */
function completeQueue(entry: QueueEntry, report: (text: string) => void): QueueConfig | undefined {
  const window = { ...entry.window };
  try {
    if (window.initial > window.max)
      throw new RangeError(
        `window.initial is ${window.initial}; allowed is at most window.max, ${window.max}.`,
      );
    if (entry.teams * entry.size > MAX_PLAYERS)
      throw new RangeError(`teams × size is ${entry.teams * entry.size}; allowed is at most ${MAX_PLAYERS}.`);
    if (entry.host !== undefined && entry.host >= entry.teams)
      throw new RangeError(`host is ${entry.host}; allowed is the index of a team, 0 to ${entry.teams - 1}.`);
    if (entry.ranks.tierMargin !== undefined && entry.ranks.tiers === undefined)
      throw new RangeError('ranks.tierMargin is given; allowed is it together with ranks.tiers.');
    const model = ratingModel(entry.rating ?? {});
    const rules = {
      name: entry.name,
      teams: entry.teams,
      size: entry.size,
      window,
      ...(entry.searchSteps !== undefined && { searchSteps: entry.searchSteps }),
    };
    validateQueueRules(matchmakingRules(rules, model));
    requireRateable(model, entry);
    const ranks = ranksOf(entry.ranks);
    standingRules(model, ranks);
    return {
      ...rules,
      rating: { model: model.name, ...model.parameters },
      ...(entry.host !== undefined && { host: entry.host }),
      ...(entry.matchImportance !== undefined && { matchImportance: entry.matchImportance }),
      ...(entry.readyCheck && { readyCheck: { seconds: entry.readyCheck.seconds } }),
      ranks,
    };
  } catch (error) {
    report(messageOf(error));
    return undefined;
  }
}

function ranksOf({ tiers, tierMargin, provisional }: RanksEntry): QueueConfig['ranks'] {
  return {
    ...(tiers && { tiers: tiers.map(({ name, from }) => ({ name, from })) }),
    ...(tierMargin !== undefined && { tierMargin }),
    provisional,
  };
}

/** Better at start than at the first result: a model may not rate every number of teams. */
function requireRateable(model: RatingModel, entry: QueueEntry): void {
  const teams = Array.from({ length: entry.teams }, () =>
    Array.from({ length: entry.size }, () => model.initial()),
  );
  try {
    const host = entry.host === undefined ? {} : { host: entry.host };
    model.rate({ teams, ranks: teams.map((_, index) => index), ...host });
    model.predict(teams, host);
  } catch (error) {
    throw new RangeError(
      `teams is ${entry.teams}; the rating model "${model.name}" cannot rate such a match (${messageOf(error)}).`,
    );
  }
}

function sentencesOf(error: ValidationError, parent: string): string[] {
  const path = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : `${parent}${parent ? '.' : ''}${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => {
    if (rule === 'whitelistValidation') return `${path} is not a known member; remove it.`;
    if (rule === 'nestedValidation') return `${path} is ${shapeOf(error.value)}; allowed is an object.`;
    return `${path} ${message}`;
  });
  return [...own, ...(error.children ?? []).flatMap((child) => sentencesOf(child, path))];
}

function shapeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}

function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
