import { histogramSummary } from '../src/charts/histogram-text.js';
import { plotSummary, thinned } from '../src/charts/plot-summary.js';
import { KeySequence, SEQUENCE_MS } from '../src/layout/key-sequence.js';
import { localDateTime, timeOfLocal } from '../src/pages/audit/local-date-time.js';
import { banEnd } from '../src/pages/players/ban-terms.js';
import { auditSearch, matchesSearch, serversSearch } from '../src/routing/page-search.js';
import { parseSearch, stringifySearch } from '../src/routing/search-params.js';
import { Clock } from '../src/time/clock.js';

const NOW = 1_763_820_000_000;
const clean = (search: object) => JSON.parse(JSON.stringify(search)) as unknown;

test('an address is read as text, whatever it looks like', () => {
  expect(clean(serversSearch(parseSearch('?q=123&state=silent')))).toEqual({ q: '123', state: 'silent' });
  expect(clean(matchesSearch(parseSearch('?q=1e5&state=live')))).toEqual({ q: '1e5', state: 'live' });
});

test.each([['?state=nonsense&sort=%00&region='], ['?state=constructor'], ['?state=__proto__&sort=toString']])(
  'what means nothing in %s is dropped',
  (address) => {
    expect(clean(serversSearch(parseSearch(address)))).toEqual({});
  },
);

test('a search in the address has a bound', () => {
  expect(serversSearch(parseSearch(`?q=${'x'.repeat(5000)}`)).q).toHaveLength(200);
});

test.each([['?from=-1'], ['?from=1e9'], ['?from=99999999999999999']])('no time: %s', (address) => {
  expect(auditSearch(parseSearch(address)).from).toBeUndefined();
});

test('what is written into an address is read back', () => {
  const search = { q: 'a&b=c #%', result: 'refused', from: NOW, to: undefined };
  expect(clean(auditSearch(parseSearch(stringifySearch(search))))).toEqual({
    q: 'a&b=c #%',
    result: 'refused',
    from: NOW,
  });
});

describe('keys', () => {
  test('g and a letter go to a page', () => {
    const keys = new KeySequence();
    expect(keys.press('g', NOW)).toBeNull();
    expect(keys.press('s', NOW + 100)).toEqual({ kind: 'go', key: 's' });
    expect(keys.press('s', NOW + 200)).toBeNull();
  });

  test('a letter long after g is a letter', () => {
    const keys = new KeySequence();
    keys.press('g', NOW);
    expect(keys.press('t', NOW + SEQUENCE_MS)).toEqual({ kind: 'times' });
  });

  test.each([
    ['?', 'help'],
    ['/', 'search'],
    ['t', 'times'],
    ['p', 'pause'],
  ])('%s', (key, kind) => {
    expect(new KeySequence().press(key, NOW)).toEqual({ kind });
  });
});

test.each([
  ['hour', '', NOW + 3_600_000],
  ['week', '', NOW + 7 * 86_400_000],
  ['ever', '', null],
  ['date', '', undefined],
  ['date', 'soon', undefined],
  ['date', localDateTime(NOW - 120_000), undefined],
  ['date', localDateTime(NOW + 120_000), NOW + 120_000 - ((NOW + 120_000) % 60_000)],
] as const)('a ban of term %s %s ends', (term, date, end) => {
  expect(banEnd(term, date, NOW)).toBe(end);
});

test('a local time is read back to the minute', () => {
  expect(timeOfLocal(localDateTime(NOW))).toBe(NOW - (NOW % 60_000));
  expect(timeOfLocal('')).toBeUndefined();
});

test('a plot in words', () => {
  const text = (values: (number | null)[]) =>
    plotSummary('Online', [1, 2, 3], values, String, (at) => `t${at}`);
  expect(text([5, 9, 7])).toBe('Online: last 7, lowest 5 at t1, highest 9 at t2.');
  expect(text([4, null, 4])).toBe('Online: last 4, the same all the time.');
  expect(text([null, null, null])).toBe('Online: no values.');
  expect(plotSummary('Online', [], [], String, String)).toBe('Online: no values.');
});

test('a histogram in words', () => {
  const histogram = { edges: [0, 10, 20, 30], counts: [1, 5, 2] };
  expect(histogramSummary('Waits', histogram, ' s')).toBe(
    'Waits: 8 in all, the median is 10 to 20 s, most (5) are 10 to 20 s.',
  );
  expect(histogramSummary('Waits', { edges: [0, 1], counts: [0] })).toBe('Waits: nobody.');
  expect(histogramSummary('Waits', { edges: [], counts: [] })).toBe('Waits: nobody.');
});

test.each([
  [0, []],
  [3, [0, 1, 2]],
  [10, [1, 3, 5, 7, 9]],
])('%d rows, five at most, the last among them', (length, indexes) => {
  expect(thinned(length, 5)).toEqual(indexes);
});

test('an operator’s clock that is wrong does not make ages wrong', () => {
  const clock = new Clock(() => NOW);
  clock.adjust(NOW + 600_000);
  expect(clock.now()).toBe(NOW + 600_000);
  clock.adjust(NOW + 1000);
  expect(clock.now()).toBe(NOW);
});
