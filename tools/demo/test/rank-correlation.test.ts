import { rankCorrelation } from '../src/rank-correlation.js';

test.each([
  { name: 'the same order', xs: [1, 2, 3, 4], ys: [10, 200, 3000, 40000], expected: 1 },
  { name: 'the opposite order', xs: [1, 2, 3, 4], ys: [4, 3, 2, 1], expected: -1 },
  { name: 'one pair exchanged', xs: [1, 2, 3, 4, 5], ys: [2, 1, 3, 4, 5], expected: 0.9 },
  { name: 'ties share their rank', xs: [1, 1, 2], ys: [1, 2, 3], expected: Math.sqrt(3) / 2 },
  { name: 'one side without any order', xs: [7, 7, 7], ys: [1, 2, 3], expected: 0 },
  { name: 'nobody', xs: [], ys: [], expected: 0 },
])('$name: $expected', ({ xs, ys, expected }) => {
  expect(rankCorrelation(xs, ys)).toBeCloseTo(expected, 12);
});

test('refuses lists of different lengths', () => {
  expect(() => rankCorrelation([1], [1, 2])).toThrow(RangeError);
});
