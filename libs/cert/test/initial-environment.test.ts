import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { wipeInitialEnvironment } from '../src/files.js';

const SECRET = 'hunter2-hunter2-hunter2';
const onLinux = process.platform === 'linux' ? describe : describe.skip;

/** A process that only waits, with an environment of its own. */
async function sleeper(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume()'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout ?? child, 'data');
  return child;
}

const environOf = (child: ChildProcess): string[] =>
  fs
    .readFileSync(`/proc/${child.pid}/environ`, 'latin1')
    .split('\0')
    .filter((entry) => entry !== '');

onLinux('the environment that the kernel shows', () => {
  let child: ChildProcess | undefined;
  afterEach(async () => {
    if (child === undefined) return;
    const ended = once(child, 'close');
    child.stdin?.end();
    await ended;
    child = undefined;
  });

  it('loses the values named, and nothing else', async () => {
    child = await sleeper({
      A: 'first',
      TOKEN: SECRET,
      TOKENS: 'stays',
      B: `x=${SECRET}`,
      EMPTY: '',
      Z: 'last',
    });
    expect(environOf(child)).toContain(`TOKEN=${SECRET}`);
    expect(wipeInitialEnvironment(['TOKEN', 'EMPTY', 'NOT_THERE'], child.pid ?? 0)).toEqual({
      result: 'wiped',
    });
    expect(environOf(child)).toEqual([
      'A=first',
      'TOKEN=',
      'TOKENS=stays',
      `B=x=${SECRET}`,
      'EMPTY=',
      'Z=last',
    ]);
  });

  it('is told apart when there is nothing to wipe, or nothing left', async () => {
    child = await sleeper({ TOKEN: SECRET });
    expect(wipeInitialEnvironment(['OTHER'], child.pid ?? 0)).toEqual({ result: 'absent' });
    expect(wipeInitialEnvironment(['TOKEN'], child.pid ?? 0)).toEqual({ result: 'wiped' });
    expect(wipeInitialEnvironment(['TOKEN'], child.pid ?? 0)).toEqual({ result: 'absent' });
  });

  it('of a process that is gone is said, and nothing thrown', async () => {
    child = await sleeper({});
    const { pid = 0 } = child;
    const ended = once(child, 'close');
    child.stdin?.end();
    await ended;
    child = undefined;
    expect(wipeInitialEnvironment(['TOKEN'], pid)).toMatchObject({ result: 'unsupported' });
  });
});
