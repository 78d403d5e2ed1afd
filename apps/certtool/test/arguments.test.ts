import { InvalidArgumentError } from 'commander';
import { daysArgument, durationArgument, hostArgument } from '../src/arguments.js';
import { requireName } from '../src/certificate-name.js';
import { CommandError, dateText, printable } from '../src/output.js';

test.each([
  ['empty', ''],
  ['65 characters', 'x'.repeat(65)],
  ['an escape sequence', 'eu\u001b[31m'],
  ['a line break', 'eu\n1'],
  ['a C1 control', 'eu\u009b31m'],
  ['a character that turns the direction', 'eu\u202e1'],
  ['a line separator', 'eu\u20281'],
  ['half a surrogate pair', 'eu\ud8001'],
  ['a path', '../eu-1'],
  ['a Windows path', '..\\eu-1'],
  ['the parent directory', '..'],
  ['a hidden file', '.eu'],
  ['an option', '-x'],
  ['a space first', ' eu'],
  ['a space last', 'eu '],
  ['a uuid', '3F2C1A90-7b5e-4d66-9a01-c4e2d8f70b13'],
  ['the file suffix', 'eu-1.S2scert'],
])('no name: %s', (_name, name) => {
  expect(() => requireName(name)).toThrow(CommandError);
});

test.each(['e', 'eu-1', 'Zürich № 1 – ranked', '東京', 'x'.repeat(64), 'eu.west.1'])('a name: %s', (name) => {
  expect(requireName(name)).toBe(name);
});

test.each(['', '0', '-1', '1.5', '36526', '1e3', '0x10', ' 1', '99999999', 'x'])(
  'no number of days: %j',
  (text) => {
    expect(() => daysArgument(text)).toThrow(InvalidArgumentError);
  },
);

test('days', () => {
  expect(['1', '090', '36525'].map(daysArgument)).toEqual([1, 90, 36_525]);
});

test.each(['', '30', 'd', '1.5d', '-1d', '30 d', '30D', '30dd', '1234567d'])('no duration: %j', (text) => {
  expect(() => durationArgument(text)).toThrow(InvalidArgumentError);
});

test('durations are seconds', () => {
  expect(['90s', '30m', '12h', '30d', '2w'].map(durationArgument)).toEqual([
    90, 1800, 43_200, 2_592_000, 1_209_600,
  ]);
});

test.each([
  '',
  'eu-1:7000',
  'a b',
  '\u001b[2J',
  '-eu',
  'eu-',
  'a..b',
  '[::1]',
  'http://a',
  'a/b',
  `${'a.'.repeat(130)}a`,
])('no host: %j', (text) => {
  expect(() => hostArgument(text)).toThrow(InvalidArgumentError);
});

test.each(['localhost', 'eu-1.example.org', '192.0.2.7', '2001:db8::7'])('a host: %s', (text) => {
  expect(hostArgument(text)).toBe(text);
});

test('what a terminal would act on is written out, the rest is left alone', () => {
  expect(printable('a\u001b[2J\r\n\u009b\u202e\u200b\ud800z')).toBe(
    'a\\u{1b}[2J\\u{d}\\u{a}\\u{9b}\\u{202e}\\u{200b}\\u{d800}z',
  );
  expect(printable('Zürich № 1 – 東京 🎯')).toBe('Zürich № 1 – 東京 🎯');
});

test('dates are shown in UTC, and also where no calendar reaches', () => {
  expect(dateText(1_790_000_000)).toBe('2026-09-21T14:13:20Z');
  expect(dateText(2 ** 53 - 1)).toBe('9007199254740991 s after 1970');
});
