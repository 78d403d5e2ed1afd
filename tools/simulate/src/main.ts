import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Experiment, type Comparison, type Frontier } from './experiment.js';
import { parseOptions, USAGE, type SimulateOptions } from './options.js';
import { writePlots } from './plots.js';
import { Progress } from './progress.js';
import { defaultQueue, readQueue, waitLimit, type SimulatedQueue } from './queues-file.js';
import type { RunRecord } from './run-record.js';
import { renderComparison, renderSummaries } from './summary-table.js';

const RESULTS = join(fileURLToPath(import.meta.url), '../../../../simulation-results');

interface Results {
  readonly records: readonly RunRecord[];
  readonly comparisons: readonly Comparison[];
  readonly frontiers: readonly Frontier[];
}

function runAll(options: SimulateOptions, queue: SimulatedQueue, progress: Progress): Results {
  const experiment = new Experiment(options.scenario, queue, progress);
  const window = options.fixedWindow ?? queue.rules.window.initial;
  const records = options.policies.map((name) => experiment.policy(name, window));
  const comparisons = options.compare ? [experiment.compare('median'), experiment.compare('mean')] : [];
  const frontiers = options.plots ? options.policies.map((name) => experiment.frontier(name, window)) : [];
  progress.end();
  return { records, comparisons, frontiers };
}

function print(options: SimulateOptions, { rules }: SimulatedQueue, { records, comparisons }: Results): void {
  const { scenario } = options;
  console.log(
    `Queue ${rules.name}: ${Array.from({ length: rules.teams }, () => rules.size).join(' against ')}. ` +
      `${scenario.players} players, ${scenario.hours} hours from ${scenario.startHour}:00, seed ${scenario.seed}.\n`,
  );
  console.log(renderSummaries(records.map((record) => record.summary())).join('\n'));
  for (const comparison of comparisons) {
    console.log(`\n${renderComparison(comparison, waitLimit(rules)).join('\n')}`);
  }
}

async function main(): Promise<number> {
  let options: SimulateOptions;
  let queue: SimulatedQueue;
  try {
    options = parseOptions(process.argv.slice(2));
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    queue = options.queues === undefined ? defaultQueue() : readQueue(options.queues, options.queue);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee npm run simulate -- --help.\n`);
    return 2;
  }
  const results = runAll(options, queue, new Progress(process.stderr));
  if (options.json) {
    const { scenario } = options;
    const { model, ...rules } = queue.rules;
    const { comparisons, frontiers } = results;
    const summaries = results.records.map((record) => record.summary());
    const rating = { model: model.name, ...model.parameters };
    console.log(
      JSON.stringify({ scenario, queue: { ...rules, rating }, summaries, comparisons, frontiers }, null, 2),
    );
  } else print(options, queue, results);
  if (options.plots) {
    const folder = resolve(options.out ?? join(RESULTS, `${queue.rules.name}-${options.scenario.seed}`));
    await writePlots(folder, results.records, results.frontiers);
    process.stderr.write(`\nPlots: ${folder}\n`);
  }
  return 0;
}

process.exitCode = await main();
