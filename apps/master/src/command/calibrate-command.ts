import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { types } from 'node:util';
import {
  calibrate,
  MatchHistory,
  type Calibration,
  type CalibrationOptions,
  type Evaluation,
} from '@ranked/rating';
import { ratedMatches, type RatedCursor, type Store } from '@ranked/store';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { MasterConfig } from '../config/master-config.js';
import type { QueueConfig } from '../config/queue-config.js';
import { counts, historyMatch } from '../rating/stored-match.js';
import { optionsOf, usage } from './arguments.js';
import { requireQueue, withDatabase } from './database.js';
import { CommandError, ExitCode, progressLines, type Output } from './output.js';

export const CALIBRATE_HELP = `ranked calibrate --queue <name> [--part <share>] [--model <name>] [--write <file>]

Fits the parameters of a queue's rating model to the matches that were played in it, so that its predictions would have
been as good as they can be. Reads only. Prints what that gains and the lines for the queues file.

  --queue <name>   the queue
  --part <share>   fit to this first part of the matches, 0.8 unless given; what it gains is told on the rest as well, which
                   had no say. 1: fit to all
  --model <name>   another model than the queue has, with its defaults to start from
  --write <file>   write a new queues file that has them. The file must not exist

Examples:
  ranked calibrate --queue duel
  ranked calibrate --queue duel --part 0.4 --write queues-new.yaml
  ranked calibrate --queue team --model plackett-luce`;

const PAGE = 2000;
const DEFAULT_PART = 0.8;

/** `ranked calibrate` */
export async function calibrateCommand(
  args: readonly string[],
  config: MasterConfig,
  output: Output,
): Promise<ExitCode> {
  const options = optionsOf(args, { queue: 'string', part: 'string', model: 'string', write: 'string' });
  const queue = requireQueue(config, options.queue);
  const part = shareOf(options.part);
  const { write } = options;
  if (write !== undefined && existsSync(write)) throw taken(write);
  const history = await withDatabase(config, 'read', (store) => readHistory(store, queue, output));
  if (history.length === 0) {
    throw new CommandError(ExitCode.failure, `the queue ${queue.name} has no finished matches that count`);
  }
  output.remark(`Fitting to ${Math.floor(part * history.length)} of ${history.length} matches ...`);
  const sameModel = options.model === undefined || options.model === queue.rating.model;
  const progress = progressLines(output, 'fitted');
  const calibration = fit(history, {
    config: sameModel ? queue.rating : { model: options.model as string },
    to: part,
    onProgress: ({ evaluations, maxEvaluations }) => progress(evaluations, maxEvaluations),
  });
  tell(calibration, output);
  const rating = ratingLine(calibration);
  output.result('');
  output.result('For the queues file:');
  output.result(`    rating: ${flow(rating)}`);
  if (write !== undefined) {
    writeQueues(config.queuesFile, write, queue.name, rating);
    output.remark(`Written to ${write}. Name it in RANKED_QUEUES_FILE and restart the master; then`);
    output.remark(`"ranked replay --queue ${queue.name} --current" shows what the ratings would have been.`);
  }
  return ExitCode.ok;
}

/** A model that is not known, or one that has nothing to fit, is the user's mistake. */
function fit(history: MatchHistory, options: CalibrationOptions): Calibration {
  try {
    return calibrate(history, options);
  } catch (error) {
    if (!types.isNativeError(error) || (error.name !== 'RangeError' && error.name !== 'TypeError'))
      throw error;
    throw new CommandError(ExitCode.failure, error.message);
  }
}

function shareOf(text: string | undefined): number {
  const part = text === undefined ? DEFAULT_PART : Number(text);
  if (text?.trim() === '' || !(part > 0 && part <= 1)) {
    throw usage(`--part is "${text}"; allowed is a number above 0, at most 1`);
  }
  return part;
}

async function readHistory(store: Store, queue: QueueConfig, output: Output): Promise<MatchHistory> {
  const history = new MatchHistory();
  const total = await store.read((tx) => ratedMatches.count(tx, queue.name));
  const progress = progressLines(output, 'read');
  let read = 0;
  for (let after: RatedCursor | undefined; ;) {
    const cursor = after;
    const page = await store.read((tx) => ratedMatches.page(tx, queue.name, { after: cursor, limit: PAGE }));
    for (const match of page) if (counts(match)) history.append(historyMatch(match, queue));
    after = page.at(-1);
    read += page.length;
    progress(read, total);
    if (page.length < PAGE) return history;
  }
}

function tell({ parameters, fitted, heldOut, settled, model }: Calibration, output: Output): void {
  output.result(`Model ${model.name}`);
  for (const { name, before, after, outcome } of parameters) {
    const line =
      outcome === 'fitted'
        ? `${digits(before)} -> ${digits(after)}`
        : `${digits(before)}  (${WHY_NOT[outcome]})`;
    output.result(`  ${name.padEnd(16)} ${line}`);
  }
  if (!settled) output.remark('The search ended before it had settled; more matches would say more.');
  output.result('');
  output.result(`Predictions         log-loss before  after    right before  after    matches`);
  output.result(comparison('the part fitted', fitted));
  if (heldOut) output.result(comparison('the rest, no say', heldOut));
}

const WHY_NOT = {
  undetermined: 'stays: the matches do not say',
  absent: 'stays: nothing depends on it',
  kept: 'kept',
} as const;

function comparison(what: string, { before, after }: { before: Evaluation; after: Evaluation }): string {
  const loss = (evaluation: Evaluation) => fixed(evaluation.logLoss, 4);
  const right = (evaluation: Evaluation) => `${fixed(evaluation.accuracy * 100, 1)} %`;
  return [
    what.padEnd(20),
    loss(before).padEnd(17),
    loss(after).padEnd(9),
    right(before).padEnd(14),
    right(after).padEnd(9),
    String(after.matches),
  ].join('');
}

function fixed(x: number, places: number): string {
  return Number.isFinite(x) ? x.toFixed(places) : '-';
}

function digits(x: number): string {
  return String(Number(x.toPrecision(6)));
}

/** What `ratingModel` takes: the name first, then every parameter in full. */
function ratingLine({ config }: Calibration): Record<string, unknown> {
  const { model, ...parameters } = config;
  return { model, ...parameters };
}

/** YAML that is JSON but for quotes around plain words. */
function flow(rating: Record<string, unknown>): string {
  const members = Object.entries(rating).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `{ ${members.join(', ')} }`;
}

/** A copy of the queues file with the queue's rating in it; comments stay. */
function writeQueues(source: string, target: string, name: string, rating: Record<string, unknown>): void {
  const document = parseDocument(readFileSync(source, 'utf8'), { strict: true, uniqueKeys: true });
  const queues = document.get('queues');
  if (!isSeq(queues)) throw new CommandError(ExitCode.unreadable, `${source} has no list of queues`);
  const index = queues.items.findIndex((item) => isMap(item) && item.get('name') === name);
  document.setIn(['queues', index, 'rating'], document.createNode(rating, { flow: true }));
  try {
    writeFileSync(target, document.toString({ lineWidth: 0 }), { flag: 'wx' });
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'EEXIST') throw taken(target);
    throw error;
  }
}

function taken(path: string): CommandError {
  return new CommandError(ExitCode.failure, `${path} exists already; allowed is the path of a new file`);
}
