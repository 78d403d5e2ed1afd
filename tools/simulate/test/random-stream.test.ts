import { RandomStream } from '../src/random-stream.js';

const numbers = (seed: number, subject: string) => {
  const stream = new RandomStream(seed, subject);
  return Array.from({ length: 50 }, () => stream.next());
};

test('a stream depends on its seed and its subject, and on nothing else', () => {
  expect(numbers(1, 'player 1')).toEqual(numbers(1, 'player 1'));
  for (const other of [numbers(2, 'player 1'), numbers(1, 'player 2'), numbers(1, 'player 11')]) {
    expect(other).not.toEqual(numbers(1, 'player 1'));
  }
});

test('the first numbers of neighbouring subjects are spread evenly', () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) tenths[Math.floor(10 * new RandomStream(7, `player ${i}`).next())]!++;
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test.each<[string, (stream: RandomStream) => number, number, number]>([
  ['normal', (stream) => stream.normal(5, 2), 5, 4],
  ['exponential', (stream) => stream.exponential(3), 3, 9],
  ['uniform below 10', (stream) => stream.below(10), 4.5, 8.25],
])('%s numbers have their mean and variance', (_name, draw, mean, variance) => {
  const stream = new RandomStream(3, 'moments');
  const values = Array.from({ length: 40_000 }, () => draw(stream));
  const found = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - found) ** 2, 0) / values.length;
  expect(Math.abs(found / mean - 1)).toBeLessThan(0.03);
  expect(Math.abs(spread / variance - 1)).toBeLessThan(0.06);
});
