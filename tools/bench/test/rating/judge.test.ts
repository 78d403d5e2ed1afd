import type { Contestant } from '../../src/rating/contestant.js';
import { judge } from '../../src/rating/judge.js';
import type { RecordedMatch } from '../../src/rating/recorded-match.js';

const match = (players: string, ranks: number[], at = 0): RecordedMatch => ({
  at,
  teams: [...players].map((player) => [player]),
  ranks,
});

/** Says the same of every pair: that the first wins with this probability. Notes what it was asked and told. */
function saying(probability: number) {
  const log: string[] = [];
  const contestant: Contestant = {
    name: 'fixed',
    accepts: () => true,
    start: () => ({
      predict({ teams }, first, second) {
        log.push(`${teams[first]}>${teams[second]}?`);
        return probability;
      },
      rate: ({ teams }) => void log.push(`${teams.flat().join('')}.`),
    }),
  };
  return { contestant, log };
}

test('every match is predicted, then rated; ties are rated only', () => {
  const { contestant, log } = saying(0.7);
  judge(contestant, [match('ab', [0, 1]), match('bc', [0, 0]), match('abc', [1, 0, 1])]);
  expect(log).toEqual(['a>b?', 'ab.', 'bc.', 'a>b?', 'b>c?', 'abc.']);
});

test('accuracy and log-loss are those worked out by hand', () => {
  const verdict = judge(saying(0.8).contestant, [
    match('ab', [0, 1]), // right: -ln 0.8
    match('ab', [1, 0]), // wrong: -ln 0.2
    match('abc', [0, 1, 2]), // three pairs, all right
    match('ab', [3, 3]), // a tie, not counted
  ]);
  expect(verdict.pairs).toBe(5);
  expect(verdict.accuracy).toBe(4 / 5);
  expect(verdict.logLoss).toBeCloseTo((4 * -Math.log(0.8) - Math.log(0.2)) / 5, 14);
  expect(verdict.reliability).toHaveLength(1);
  expect(verdict.reliability[0]?.pairs).toBe(5);
  expect(verdict.reliability[0]?.predicted).toBeCloseTo(0.8, 14);
  expect(verdict.reliability[0]?.observed).toBeCloseTo(0.8, 14);
});

test('an underdog that is foretold counts for the favourite on the other side', () => {
  const verdict = judge(saying(0.1).contestant, [match('ab', [1, 0]), match('ab', [0, 1])]);
  expect(verdict.accuracy).toBe(0.5);
  expect(verdict.reliability).toEqual([{ pairs: 2, predicted: 0.9, observed: 0.5 }]);
});

test.each([0.5, 0.500000015, 0.499999985])('without a favourite (%p) half a pair is right', (probability) => {
  expect(judge(saying(probability).contestant, [match('ab', [0, 1])]).accuracy).toBe(0.5);
});

test('to be sure and wrong costs much, but not without limit', () => {
  expect(judge(saying(0).contestant, [match('ab', [0, 1])]).logLoss).toBeCloseTo(-Math.log(1e-9), 12);
});

test('matches before `from` are rated and not predicted, those from `to` on neither', () => {
  const { contestant, log } = saying(0.6);
  const matches = ['ab', 'cd', 'ef', 'gh'].map((players) => match(players, [0, 1]));
  expect(judge(contestant, matches, { from: 1, to: 3 }).pairs).toBe(2);
  expect(log).toEqual(['ab.', 'c>d?', 'cd.', 'e>f?', 'ef.']);
});

test.each([NaN, -0.1, 1.1])('%p is refused as a probability', (probability) => {
  expect(() => judge(saying(probability).contestant, [match('ab', [0, 1])])).toThrow('fixed predicted');
});
