import { parseOptions } from '../src/options.js';

test('a minute with forty players when nothing is said', () => {
  expect(parseOptions([])).toEqual({
    seconds: 60,
    players: 40,
    servers: 3,
    matchSeconds: 1,
    seed: 1,
    directory: undefined,
  });
});

test.each([
  [['--players', '3'], /--players must be a whole number from 4 to 500, not '3'/],
  [['--seconds', 'soon'], /--seconds must be a whole number/],
  [['--seed', '-1'], /--seed/],
  [['--bots', '3'], /--bots/],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
