import fc from 'fast-check';
import { durationText, roughDurationText } from '../src/format/duration.js';
import {
  changeText,
  countText,
  NO_VALUE,
  percentText,
  tenthsText,
  wholeText,
} from '../src/format/number-text.js';
import { relativeTimeText } from '../src/format/time-text.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '0 ms'],
  [8.4, '8 ms'],
  [1000, '1 s'],
  [4240, '4.2 s'],
  [9960, '10 s'],
  [41_000, '41 s'],
  [59_700, '1 min'],
  [192_000, '3 min 12 s'],
  [HOUR, '1 h'],
  [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
  [DAY - 20_000, '1 d'],
  [3 * DAY + 4 * HOUR, '3 d 4 h'],
  [412 * DAY, '412 d'],
])('%d ms is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('no length of time has a unit that is full', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 * DAY }), (ms) => {
      expect(durationText(ms)).not.toMatch(/\b(?:60 s|60 min|24 h|1000 ms)/);
    }),
  );
});

test.each([
  [59_999, '59 s'],
  [MINUTE, '1 min'],
  [HOUR, '1 h'],
  [47 * HOUR, '47 h'],
  [3 * DAY, '3 d'],
])('%d ms is about %s', (ms, text) => {
  expect(roughDurationText(ms)).toBe(text);
});

test.each([
  [0, 'just now'],
  [1999, 'just now'],
  [12_000, '12 s ago'],
  [-3 * DAY, 'in 3 d'],
])('seen %d ms later: %s', (age, text) => {
  expect(relativeTimeText(1_763_820_000_000, 1_763_820_000_000 + age)).toBe(text);
});

test('numbers', () => {
  expect(wholeText(12_480.4)).toBe('12,480');
  expect(tenthsText(25.26)).toBe('25.3');
  expect(percentText(0.626)).toBe('63%');
  expect(countText(1, 'match', 'matches')).toBe('1 match');
  expect(countText(1200, 'match', 'matches')).toBe('1,200 matches');
});

test('where there is no value there is a dash, not a zero', () => {
  expect([wholeText(null), tenthsText(undefined), percentText(null), changeText(null, 3)]).toEqual(
    Array.from({ length: 4 }, () => NO_VALUE),
  );
});

test.each([
  [1500, 1512, '+12'],
  [1512, 1504, '−8'],
  [1500.4, 1500, '±0'],
])('from %d to %d is %s', (before, after, text) => {
  expect(changeText(before, after)).toBe(text);
});
