import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function simulate(...args: string[]): Promise<{ status: number | null; out: string; said: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, said };
}

const quick = ['--hours', '0.5', '--sessions', '400', '--players', '1000'];

test('prints a table, writes plots and says where they are', async () => {
  const out = join(directory, 'plots');
  const run = await simulate(...quick, '--out', out);
  expect(run.status).toBe(0);
  expect(run.out).toMatch(/first-come +fixed window 300 +ours\n/);
  expect(run.out).toMatch(/rating difference, mean/);
  expect(run.said).toContain(out);
  expect(readdirSync(out).sort()).toEqual(['frontier.svg', 'quality-by-wait.svg', 'waits.svg']);
  for (const file of readdirSync(out))
    expect(readFileSync(join(out, file), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
});

test('with --json standard output is one document, the same each time', async () => {
  const [first, again] = await Promise.all([
    simulate(...quick, '--json', '--no-plots', '--compare'),
    simulate(...quick, '--json', '--no-plots', '--compare'),
  ]);
  expect(again.out).toBe(first.out);
  const results = JSON.parse(first.out) as {
    summaries: { policy: string }[];
    comparisons: { wait: string }[];
  };
  expect(results.summaries.map(({ policy }) => policy)).toEqual(['first-come', 'fixed window 300', 'ours']);
  expect(results.comparisons.map(({ wait }) => wait)).toEqual(['median', 'mean']);
});

test('--help shows examples', async () => {
  const { status, out } = await simulate('--help');
  expect(status).toBe(0);
  expect(out).toContain('Examples:');
});

test.each([
  ['an option out of range', ['--players', 'many'], /--players must be a whole number/],
  ['a file that is not there', ['--queues', join(directory, 'none.yaml')], /none\.yaml cannot be read/],
])('%s ends with status 2 and a sentence', async (_name, args, sentence) => {
  const { status, out, said } = await simulate(...args);
  expect(status).toBe(2);
  expect(said).toMatch(sentence);
  expect(out).toBe('');
});
