import { propose, validateQueueRules, type ProposeInput, type QueueRules } from '../src/index.js';
import { entry, NOW, rules, server } from './population.js';

const good: ProposeInput = {
  now: NOW,
  queue: rules(2, 2),
  entries: [entry('a', 0)],
  servers: [server('s', 1)],
};
/** Values as they might come from JavaScript that no compiler has checked. */
const unchecked = <T>(value: unknown) => value as T;
const player = { id: 'p', rating: { mu: 25, sigma: 8 } };
const withEntry = (change: object) => ({
  entries: [{ id: 'x', joinedAt: NOW, players: [player], ...change }],
});
const withRating = (rating: unknown) => withEntry({ players: [{ id: 'p', rating }] });

it.each<[string, object, typeof TypeError | typeof RangeError, RegExp]>([
  ['no time', { now: undefined }, TypeError, /^now:/],
  ['a time that is NaN', { now: NaN }, RangeError, /^now:/],
  ['no entries', { entries: undefined }, TypeError, /^entries:/],
  ['no servers', { servers: {} }, TypeError, /^servers:/],
  ['an entry without id', withEntry({ id: '' }), RangeError, /^entries\[0\]\.id:/],
  ['an id that is a number', withEntry({ id: 7 }), TypeError, /^entries\[0\]\.id:/],
  ['a joining time NaN', withEntry({ joinedAt: NaN }), RangeError, /^entries\[0\]\.joinedAt:/],
  [
    'no players',
    withEntry({ players: [] }),
    RangeError,
    /^entries\[0\]\.players: expected 1 to 2 players, got 0/,
  ],
  ['players that are no list', withEntry({ players: player }), TypeError, /^entries\[0\]\.players:/],
  [
    'a party too large',
    withEntry({ players: ['p', 'q', 'r'].map((id) => ({ ...player, id })) }),
    RangeError,
    /^entries\[0\]\.players: .*got 3/,
  ],
  ['no rating', withRating(undefined), RangeError, /^entries\[0\]\.players\[0\]\.rating:/],
  ['mu NaN', withRating({ mu: NaN, sigma: 1 }), RangeError, /^entries\[0\]\.players\[0\]\.rating:/],
  ['negative sigma', withRating({ mu: 1, sigma: -1 }), RangeError, /^entries\[0\]\.players\[0\]\.rating:/],
  [
    'an entry twice',
    { entries: [entry('a', 0), { ...entry('b', 0), id: 'a' }] },
    RangeError,
    /^entries\[1\]\.id: "a" is there twice/,
  ],
  [
    'a player in two entries',
    { entries: [entry('a', 0), { ...entry('a', 0), id: 'b' }] },
    RangeError,
    /^entries\[1\]\.players\[0\]\.id: "a\.0" is there twice/,
  ],
  [
    'a player twice in a party',
    withEntry({ players: [player, player] }),
    RangeError,
    /^entries\[0\]\.players\[1\]\.id:/,
  ],
  [
    'a latency that is text',
    withEntry({ players: [{ ...player, latencies: { eu: '5' } }] }),
    TypeError,
    /^entries\[0\]\.players\[0\]\.latencies\.eu:/,
  ],
  [
    'a negative latency',
    withEntry({ players: [{ ...player, latencies: { eu: -1 } }] }),
    RangeError,
    /^entries\[0\]\.players\[0\]\.latencies\.eu:/,
  ],
  [
    'roles that are no list',
    withEntry({ players: [{ ...player, roles: 'tank' }] }),
    TypeError,
    /^entries\[0\]\.players\[0\]\.roles:/,
  ],
  [
    'a block of nobody',
    withEntry({ players: [{ ...player, blocked: [''] }] }),
    RangeError,
    /^entries\[0\]\.players\[0\]\.blocked\[0\]:/,
  ],
  [
    'opponents that are numbers',
    withEntry({ players: [{ ...player, lastOpponents: [3] }] }),
    TypeError,
    /^entries\[0\]\.players\[0\]\.lastOpponents\[0\]:/,
  ],
  ['a server in no region', { servers: [{ id: 's', free: 1 }] }, TypeError, /^servers\[0\]\.region:/],
  ['a server twice', { servers: [server('s', 1), server('s', 2)] }, RangeError, /^servers\[1\]\.id:/],
  ['half a place', { servers: [server('s', 0.5)] }, RangeError, /^servers\[0\]\.free:/],
  ['fewer places than none', { servers: [server('s', -1)] }, RangeError, /^servers\[0\]\.free:/],
])('%s is refused', (_name, change, type, message) => {
  const attempt = () => propose(unchecked({ ...good, ...change }));
  expect(attempt).toThrow(type);
  expect(attempt).toThrow(message);
});

it.each<[string, object, typeof TypeError | typeof RangeError, RegExp]>([
  ['no name', { name: '' }, RangeError, /^queue\.name:/],
  ['one team', { teams: 1 }, RangeError, /^queue\.teams:/],
  ['half a team', { teams: 2.5 }, RangeError, /^queue\.teams:/],
  ['empty teams', { size: 0 }, RangeError, /^queue\.size:/],
  ['too many players', { teams: 2, size: 501 }, RangeError, /^queue\.size:.*1000/],
  ['a text', { size: '5' }, TypeError, /^queue\.size:/],
  [
    'a window below 0',
    { window: { initial: -1, perSecond: 1, max: 5 } },
    RangeError,
    /^queue\.window\.initial:/,
  ],
  [
    'a window that narrows',
    { window: { initial: 10, perSecond: -1, max: 50 } },
    RangeError,
    /^queue\.window\.perSecond:/,
  ],
  [
    'a window that ends before it begins',
    { window: { initial: 10, perSecond: 1, max: 5 } },
    RangeError,
    /^queue\.window\.max:/,
  ],
  [
    'an infinite window',
    { window: { initial: 10, perSecond: 1, max: Infinity } },
    RangeError,
    /^queue\.window\.max:/,
  ],
  [
    'a last resort in the past',
    { window: { initial: 1, perSecond: 1, max: 5, lastResortAfter: -1 } },
    RangeError,
    /^queue\.window\.lastResortAfter:/,
  ],
  [
    'a curve that goes back in time',
    {
      window: {
        initial: 1,
        perSecond: 1,
        max: 50,
        curve: [
          [10, 5],
          [10, 6],
        ],
      },
    },
    RangeError,
    /^queue\.window\.curve\[1\]\[0\]:/,
  ],
  [
    'a curve that narrows',
    { window: { initial: 9, perSecond: 1, max: 50, curve: [[10, 5]] } },
    RangeError,
    /^queue\.window\.curve\[0\]\[1\]:/,
  ],
  ['a wrong rule for parties', { parties: 'no' }, RangeError, /^queue\.parties: expected one of mixed/],
  ['more roles than players', { roles: { a: 1, b: 2 } }, RangeError, /^queue\.roles: 3 places/],
  ['a role of nobody', { roles: { a: 0 } }, RangeError, /^queue\.roles\.a:/],
  [
    'seven roles',
    { size: 9, roles: Object.fromEntries([...'abcdefg'].map((name) => [name, 1])) },
    RangeError,
    /^queue\.roles: at most 6/,
  ],
  ['a limit below what is good', { latency: { good: 50, max: 40 } }, RangeError, /^queue\.latency\.max:/],
  ['a wrong rule for repeats', { repeats: true }, RangeError, /^queue\.repeats:/],
  ['more than all on probation', { probationShare: 2 }, RangeError, /^queue\.probationShare:/],
  ['half a step', { search: { steps: 0.5 } }, RangeError, /^queue\.search\.steps:/],
  ['a search of its own', { search: 'slow' }, RangeError, /^queue\.search:/],
  ['no model', { model: undefined }, TypeError, /^queue\.model:/],
])('rules with %s are refused', (_name, change, type, message) => {
  const queue = unchecked<QueueRules>({ ...rules(2, 2), ...change });
  expect(() => validateQueueRules(queue)).toThrow(type);
  expect(() => validateQueueRules(queue)).toThrow(message);
});
