import fc from 'fast-check';
import type { WaitingEntry } from '@ranked/store';
import { Changes } from '../src/events/changes.js';
import { csvTime, toCsv } from '../src/http/csv.js';
import { histogram, ofSteps } from '../src/queues/histogram.js';
import { QueueBook } from '../src/queues/queue-book.js';
import { nearestOthers, waitingViews } from '../src/queues/waiting-views.js';

const NOW = 1_763_820_000_000;

describe('those who wait', () => {
  const book = new QueueBook([
    {
      name: 'duel',
      teams: 2,
      size: 1,
      rating: { model: 'gaussian' },
      window: { initial: 100, perSecond: 10, max: 1000, lastResortAfter: 180 },
    },
    {
      name: 'broken',
      teams: 2,
      size: 1,
      rating: { model: 'no-such-model' },
      window: { initial: 1, perSecond: 1, max: 1, lastResortAfter: 1 },
    },
    'nonsense',
  ]);
  const entry = (waitMs: number, mu: number | null): WaitingEntry => ({
    accountId: 'a',
    displayName: 'Ann',
    partyId: null,
    joinedAt: NOW - waitMs,
    lastSeen: NOW,
    mu,
    sigma: mu === null ? null : 1,
  });

  test('a queue that this version cannot rate is not in the book', () => {
    expect(book.names()).toEqual(['duel']);
  });

  test('see their window grow, the nearest other, and why they wait', () => {
    const views = waitingViews([entry(10_000, 25), entry(0, 35)], book.of('duel'), NOW, null);
    expect(views[0]).toMatchObject({ window: 200, waitMs: 10_000 });
    expect(views[0]?.nearest).toBe(views[1]?.nearest);
    expect(views[0]?.reason).toBe(`window 200, nearest ${views[0]?.nearest}`);
    expect(waitingViews([entry(0, null)], book.of('duel'), NOW, null)).toMatchObject([
      { nearest: null, reason: '1 more player is needed' },
    ]);
    expect(waitingViews([entry(0, 25)], undefined, NOW, null)).toMatchObject([
      { window: null, reason: 'no master runs this queue' },
    ]);
    expect(waitingViews([entry(200_000, 25), entry(0, 45)], book.of('duel'), NOW, null)[0]?.reason).toContain(
      'no free server',
    );
  });

  test('are told the reason of the matchmaker if it is fresh, their own or their party’s before that of all others', () => {
    const news = {
      queue: 'duel',
      at: NOW - 5_000,
      waiting: 3,
      entries: {
        a: { entryId: 'a', reason: 'window', window: 200, nearest: 431 },
        '*': { entryId: '', reason: 'no_server', servers: 0 },
      },
      waits: [],
    };
    const waiting = [
      entry(10_000, 25),
      { ...entry(10_000, 25), accountId: 'b', partyId: 'a' },
      { ...entry(10_000, 25), accountId: 'c' },
      // He has come since: the matchmaker did not mean him.
      { ...entry(1_000, 25), accountId: 'd' },
    ];
    const reasons = (at: number) =>
      waitingViews(waiting, book.of('duel'), at, news).map(({ reason }) => reason);
    const [own, partys, others, late] = reasons(NOW);
    expect(own).toContain('431');
    expect(partys).toBe(own);
    expect(others).toContain('server');
    expect(late).not.toBe(others);
    expect(reasons(NOW + 30_000)).not.toContain(own);
  });

  test('the nearest other is the nearest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 30 }), (numbers) => {
        const slow = numbers.map((number, index) => {
          const others = numbers
            .filter((_, other) => other !== index)
            .map((other) => Math.abs(other - number));
          return others.length === 0 ? null : Math.min(...others);
        });
        expect(nearestOthers(numbers)).toEqual(slow);
      }),
    );
  });

  test('a histogram counts everybody once, between its edges', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 500 }),
        (values, width) => {
          const { edges, counts } = histogram(values, width);
          expect(counts.reduce((sum, n) => sum + n, 0)).toBe(values.length);
          expect(counts.length).toBeLessThanOrEqual(201);
          if (values.length === 0) return;
          expect(edges).toHaveLength(counts.length + 1);
          counts.forEach((n, bar) => {
            const within = values.filter(
              (value) => value >= (edges[bar] ?? 0) && value < (edges[bar + 1] ?? 0),
            );
            expect(within).toHaveLength(n);
          });
        },
      ),
    );
    expect(ofSteps([], 50)).toEqual({ edges: [], counts: [] });
  });
});

describe('CSV', () => {
  test('quotes what must be quoted, and lets no name become a formula', () => {
    const rows = [
      { name: '=HYPERLINK("http://evil")', n: -5 },
      { name: 'a,"b"\nc', n: null },
      { name: '@SUM(1)', n: 1 },
      { name: 'plain', n: 2 },
    ];
    const csv = toCsv<(typeof rows)[number]>(
      [
        ['name', ({ name }) => name],
        ['n', ({ n }) => n],
      ],
      rows,
    );
    expect(csv).toBe(
      `name,n\r\n"'=HYPERLINK(""http://evil"")",-5\r\n"a,""b""\nc",\r\n'@SUM(1),1\r\nplain,2\r\n`,
    );
    expect(csvTime(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(csvTime(9e15)).toBeNull();
  });
});

describe('a name in CSV', () => {
  const FORMULA = /^[\s"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;
  const cellOf = (name: string): string => toCsv([['name', (row: string) => row]], [name]).slice(6, -2);

  test.each([
    '=1',
    ' =1',
    '\t=1',
    '\r\n=1',
    '＝1+1',
    '"=1',
    'ann;=1',
    'ann;"=1";',
    'ann; @x',
    '|calc',
    '-1+1',
  ])('becomes no formula: %j', (name) => {
    // Read with commas, and as a spreadsheet reads it that takes semicolons.
    const read = cellOf(name).replace(/^"|"$/g, '').replaceAll('""', '"');
    expect(read.replaceAll("'", '')).toBe(name);
    expect(
      [...read.split(/[;\t\r\n]/), ...cellOf(name).split(/[;\t\r\n]/)].filter((cell) => FORMULA.test(cell)),
    ).toEqual([]);
  });

  test('is otherwise as it was', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9 .,:!?]{0,40}$/), (name) => {
        expect(cellOf(name)).toBe(name.includes(',') ? `"${name}"` : name);
      }),
    );
  });
});

describe('changes', () => {
  test('are rows that are new or differ, and the memory of them is bounded', () => {
    const changes = new Changes<{ id: string; n: number }>(({ id }) => id, 2);
    expect(
      changes.take([
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ]),
    ).toHaveLength(2);
    expect(
      changes.take([
        { id: 'a', n: 1 },
        { id: 'b', n: 2 },
      ]),
    ).toEqual([{ id: 'b', n: 2 }]);
    expect(changes.take([{ id: 'c', n: 1 }])).toHaveLength(1);
    expect(changes.take([{ id: 'a', n: 1 }])).toHaveLength(1);
  });
});
