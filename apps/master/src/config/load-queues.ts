import { readFileSync, statSync } from 'node:fs';
import { types } from 'node:util';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { validateQueueRules } from '@ranked/matchmaker';
import { ratingModel, type RatingModel } from '@ranked/rating';
import { parse } from 'yaml';
import { standingRules } from '../rating/standing.js';
import { ConfigError } from './config-error.js';
import { matchmakingRules } from './matchmaking-rules.js';
import type { QueueConfig } from './queue-config.js';
import { QueuesFile, shapeOf, type QueueEntry, type RanksEntry } from './queue-file.js';

const MAX_FILE_BYTES = 1_048_576;
const MAX_PLAYERS = 1_000;

/**
 * Reads the queues from a JSON or YAML file (`{ queues: [{ name, teams, size, rating?, host?, matchImportance?, window?, searchSteps?, readyCheck?,
 * latency?, roles?, parties?, repeats?, ranks? }] }`).
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
      ...(entry.latency && { latency: { ...entry.latency } }),
      ...(entry.roles && { roles: { ...entry.roles } }),
      ...(entry.parties && { parties: entry.parties }),
      ...(entry.repeats && { repeats: entry.repeats }),
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

function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
