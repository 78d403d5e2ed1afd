import { readFileSync, statSync } from 'node:fs';
import { validateQueueRules, type LatencyRules, type QueueRules, type WindowRules } from '@ranked/matchmaker';
import { ratingModel } from '@ranked/rating';
import { parse } from 'yaml';
import type { RatingRules } from './match-play.js';

const MAX_FILE_BYTES = 1_048_576;
const DEFAULT_LIMIT = 180;

/** A queue to be simulated: what the matchmaker and the ratings go by. */
export interface SimulatedQueue {
  readonly rules: QueueRules;
  readonly rating: RatingRules;
}

/** What the simulation reads of a queue in the master's queues file; what else stands there is for the master. */
interface QueueEntry {
  readonly name: string;
  readonly teams: number;
  readonly size: number;
  readonly rating?: object;
  readonly host?: number;
  readonly matchImportance?: number;
  readonly window?: Partial<WindowRules>;
  readonly searchSteps?: number;
  readonly latency?: LatencyRules;
  readonly parties?: NonNullable<QueueRules['parties']>;
  readonly repeats?: NonNullable<QueueRules['repeats']>;
}

/** Duels of a busy queue, for who has no queues file yet. */
const DEFAULT_QUEUE: QueueEntry = {
  name: 'duel',
  teams: 2,
  size: 1,
  window: { initial: 300 },
  latency: { good: 60, max: 150 },
};

/** What the master fills in where a queue says nothing. */
const DEFAULT_WINDOW: WindowRules = {
  initial: 100,
  perSecond: 10,
  max: 1000,
  lastResortAfter: DEFAULT_LIMIT,
};

/** Seconds of waiting that a queue calls too many. */
export function waitLimit({ window }: QueueRules): number {
  return window.lastResortAfter ?? DEFAULT_LIMIT;
}

/** @throws Error, TypeError or RangeError with a sentence for the user */
export function defaultQueue(): SimulatedQueue {
  return simulated(DEFAULT_QUEUE);
}

/**
 * One queue of a file such as the master reads (JSON or YAML, `{ queues: [{ name, teams, size, window?, … }] }`): the one called
 * `name`, or the first.
 *
 * @throws Error, TypeError or RangeError with a sentence for the user
 */
export function readQueue(path: string, name?: string): SimulatedQueue {
  const document = readDocument(path);
  const queues = isObject(document) ? document['queues'] : undefined;
  if (!Array.isArray(queues) || queues.length === 0 || !queues.every(isObject)) {
    throw new TypeError(`${path}: expected an object with a list of queues, { "queues": [...] }`);
  }
  const found = name === undefined ? queues[0] : queues.find((queue) => queue['name'] === name);
  if (found === undefined) {
    const names = queues.map((queue) => String(queue['name'])).join(', ');
    throw new RangeError(`${path}: there is no queue '${name}'; there are: ${names}`);
  }
  // Not yet known to be one: `simulated` asks the libraries.
  return simulated(found as unknown as QueueEntry);
}

function simulated({ rating, host, matchImportance, searchSteps, ...entry }: QueueEntry): SimulatedQueue {
  const model = ratingModel(rating);
  const { name, teams, size, window, latency, parties, repeats } = entry;
  const rules: QueueRules = {
    name,
    teams,
    size,
    window: { ...DEFAULT_WINDOW, ...window },
    model,
    ...(latency !== undefined && { latency }),
    ...(parties !== undefined && { parties }),
    ...(repeats !== undefined && { repeats }),
    ...(searchSteps !== undefined && { search: { steps: searchSteps } }),
  };
  validateQueueRules(rules);
  return {
    rules,
    rating: {
      model,
      ...(host !== undefined && { host }),
      ...(matchImportance !== undefined && { matchImportance }),
    },
  };
}

function readDocument(path: string): unknown {
  let text: string;
  try {
    if (statSync(path).size > MAX_FILE_BYTES) throw new Error('it is larger than 1 MiB');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    return parse(text, { strict: true, uniqueKeys: true, maxAliasCount: 0 }) as unknown;
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    throw new Error(`${path} is not valid YAML or JSON: ${line}`, { cause: error });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
