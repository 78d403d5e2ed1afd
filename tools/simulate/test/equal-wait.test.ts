import { windowOfEqualWait } from '../src/equal-wait.js';

test.each([12, 100, 731])('finds the narrowest window that waits no longer: %d points', (wanted) => {
  const runs: number[] = [];
  const window = windowOfEqualWait(50 / wanted, (width) => {
    runs.push(width);
    return 50 / width;
  });
  expect(window).toBeGreaterThanOrEqual(wanted);
  expect(window / wanted).toBeLessThan(1.01);
  expect(runs.length).toBeLessThanOrEqual(10);
});

test('of windows that wait equally long, the narrowest', () => {
  const window = windowOfEqualWait(1, (width) => (width >= 200 ? 1 : 2));
  expect(window).toBeGreaterThanOrEqual(200);
  expect(window).toBeLessThan(202);
});

test('where none waits so little, the widest', () => {
  expect(windowOfEqualWait(0.1, () => 5)).toBe(4000);
});
