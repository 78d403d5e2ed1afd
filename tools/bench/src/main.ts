import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMet } from './figure.js';
import { runSuite, type SuiteResult } from './run-suite.js';
import { SUITES, suitesNamed, type Suite } from './suites.js';
import { renderFigures } from './table.js';

const ROOT = join(fileURLToPath(import.meta.url), '../../../..');

const USAGE = `usage: npm run bench [-- --only NAME,NAME]

Names: ${SUITES.map(({ name }) => name).join(', ')}.
Exit status: 0 every bound is kept; 1 a bound is missed or a benchmark failed; 2 wrong usage.
`;

/** @throws Error with a sentence for the user. */
function chosen(args: string[]): readonly Suite[] {
  const { values } = parseArgs({ args, options: { only: { type: 'string' } } });
  if (values.only === undefined) return SUITES;
  return suitesNamed(values.only.split(','));
}

async function keep(results: readonly SuiteResult[]): Promise<string> {
  const date = new Date().toISOString();
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: process.platform,
    arch: process.arch,
  };
  const directory = join(ROOT, 'bench-results');
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${date.replaceAll(':', '-')}.json`);
  await writeFile(file, `${JSON.stringify({ date, node: process.version, machine, results }, null, 2)}\n`);
  return file;
}

async function main(): Promise<number> {
  let suites: readonly Suite[];
  try {
    suites = chosen(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const results: SuiteResult[] = [];
  for (const [index, suite] of suites.entries()) {
    process.stderr.write(`[${index + 1}/${suites.length}] ${suite.name} ...\n`);
    results.push(await runSuite(ROOT, suite));
  }
  for (const { suite, figures, status } of results) {
    console.log(renderFigures(suite, figures).join('\n'));
    if (status !== 0) console.log(`  ended with exit status ${status}: figures are missing`);
  }
  const missed = results.flatMap(({ figures }) => figures).filter((figure) => !isMet(figure));
  const failed = results.filter(({ status }) => status !== 0);
  console.log(
    `\n${missed.length} bounds missed, ${failed.length} benchmarks failed. Every measurement: ${await keep(results)}`,
  );
  return missed.length + failed.length === 0 ? 0 : 1;
}

process.exit(await main());
