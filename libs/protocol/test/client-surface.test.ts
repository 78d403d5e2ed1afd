import { surface } from '../src/client/surface.js';

/** Runs `action` and gives what it left for the end of the turn. */
async function leftOver(action: () => void): Promise<(() => void)[]> {
  const real = globalThis.queueMicrotask;
  const left: (() => void)[] = [];
  globalThis.queueMicrotask = (callback) => void left.push(callback);
  try {
    action();
    await Promise.resolve();
    await Promise.resolve();
  } finally {
    globalThis.queueMicrotask = real;
  }
  return left;
}

describe('surface', () => {
  const bug = new Error('a bug of the game');

  test.each([
    [
      'throws',
      () => {
        throw bug;
      },
    ],
    ['rejects', () => Promise.reject(bug)],
  ])('what %s goes on as an uncaught exception, not to the caller', async (_, action) => {
    const left = await leftOver(() => surface(action));
    expect(left).toHaveLength(1);
    expect(left[0]).toThrow(bug);
  });

  test('what succeeds leaves nothing', async () => {
    let done = 0;
    const left = await leftOver(() => {
      surface(() => void done++);
      surface(async () => void done++);
    });
    expect([left, done]).toEqual([[], 2]);
  });
});
