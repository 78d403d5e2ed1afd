import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

async function demo(...args: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

test('a few seconds of ranked play lose no match, result or rating', async () => {
  const { status, output } = await demo('--seconds', '5', '--players', '8', '--servers', '2');
  expect(output).toContain('every match, result and rating is accounted for');
  expect(output).toContain('2 of them come as parties of two');
  expect(output).toMatch(/duel: the ten best/);
  expect(output).toMatch(/squads: the ten best/);
  expect(status).toBe(0);
}, 120_000);

test('wrong usage ends with status 2 and says what is allowed', async () => {
  const { status, output } = await demo('--players', 'many');
  expect(status).toBe(2);
  expect(output).toContain("--players must be a whole number from 4 to 500, not 'many'");
}, 30_000);
