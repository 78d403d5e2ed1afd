import fc from 'fast-check';
import { propose, type Entry, type QueueRules } from '../src/index.js';
import { anyEntries, entry, NOW, rules, server } from './population.js';

const POLICIES: [name: string, search: QueueRules['search']][] = [
  ['fast', 'fast'],
  ['better', { steps: 2_000 }],
];
const servers = [server('s', 1_000)];
const ahead = (one: Entry): Entry => ({ ...one, ahead: true });
const strength = ({ players }: Entry) => (players[0]?.rating.mu ?? 0) * 48;
const widthOf = ({ joinedAt }: Entry) => Math.min(400, 100 + Math.max(0, NOW - joinedAt) / 100);

describe.each(POLICIES)('an entry ahead of the others, in the %s search', (_, search) => {
  const duel: QueueRules = { ...rules(2, 1), search };
  const matched = (entries: readonly Entry[], places = servers) =>
    propose({ now: NOW, queue: duel, entries, servers: places }).matches.map(({ entryIds }) => entryIds);

  it('has the opponent whom one who has waited longer would have had', () => {
    const [late, early, opponent] = [
      entry('late', 0, 1),
      entry('early', 140, 30),
      entry('opponent', 100, 20),
    ];
    const players = [{ ...late.players[0], blocked: ['early.0'] }] as Entry['players'];
    const choosy = { ...late, players };
    expect(matched([choosy, early, opponent])).toEqual([['early', 'opponent']]);
    expect(matched([ahead(choosy), early, opponent])).toEqual([['late', 'opponent']]);
  });

  it('has the last place of the servers', () => {
    const entries = [entry('a', 0, 30), entry('b', 0, 30), entry('c', 900, 2), entry('d', 900, 1)];
    const one = [server('s', 1)];
    expect(matched(entries, one)).toEqual([['a', 'b']]);
    expect(
      matched(
        entries.map((e) => (e.id === 'd' ? ahead(e) : e)),
        one,
      ),
    ).toEqual([['d', 'c']]);
  });

  it('is matched whenever anybody is within its window, whoever else wants him', () => {
    let cases = 0;
    fc.assert(
      fc.property(anyEntries(1, 30), fc.nat(), (entries, pick) => {
        fc.pre(entries.length > 0);
        const chosen = entries[pick % entries.length] as Entry;
        const all = entries.map((e) => (e === chosen ? ahead(e) : e));
        const near = entries.some(
          (e) => e !== chosen && Math.abs(strength(e) - strength(chosen)) < widthOf(chosen) - 1e-6,
        );
        if (!near) return;
        cases++;
        expect(matched(all).flat()).toContain(chosen.id);
      }),
      { numRuns: 400 },
    );
    expect(cases).toBeGreaterThan(50);
  });

  it('among several each is ahead of all who are not; the longest waiting of them first', () => {
    const entries = [
      entry('old', 0, 50),
      entry('x', 10, 5),
      ahead(entry('b', 5, 2)),
      ahead(entry('a', 0, 3)),
    ];
    const [first] = matched([...entries, entry('y', 6, 1)]);
    expect(first?.[0]).toBe('a');
    fc.assert(
      fc.property(anyEntries(1, 24), (list) => {
        const all = list.map((e, n) => (n % 3 === 0 ? ahead(e) : e));
        const { matches, leftovers } = propose({ now: NOW, queue: duel, entries: all, servers });
        const isAhead = new Set(all.filter((e) => e.ahead).map(({ id }) => id));
        const byId = new Map(all.map((e) => [e.id, e]));
        const alone = leftovers.map(({ entryId }) => entryId).filter((id) => isAhead.has(id));
        for (const id of alone) {
          const own = byId.get(id) as Entry;
          // Nobody who is not ahead plays somebody whom one that is ahead and waits could have had instead.
          for (const { entryIds } of matches.filter(
            (match) => !match.entryIds.some((one) => isAhead.has(one)),
          )) {
            for (const other of entryIds.map((one) => byId.get(one) as Entry)) {
              expect(Math.abs(strength(other) - strength(own))).toBeGreaterThan(widthOf(own) - 1e-6);
            }
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('breaks no limit, and the order of the input still makes no difference', () => {
    fc.assert(
      fc.property(
        anyEntries(3, 30).chain((list) =>
          fc.tuple(
            fc.constant(list.map((e, n) => (n % 4 === 1 ? ahead(e) : e))),
            fc.shuffledSubarray(
              list.map((__, n) => n),
              { minLength: list.length, maxLength: list.length },
            ),
          ),
        ),
        ([entries, order]) => {
          const queue: QueueRules = { ...rules(2, 3), search };
          const result = propose({ now: NOW, queue, entries, servers });
          const shuffled = order.map((n) => entries[n] as Entry);
          expect(propose({ now: NOW, queue, entries: shuffled, servers })).toEqual(result);
          for (const { spread, window, longestWaitMs, waits } of result.matches) {
            expect(longestWaitMs).toBe(Math.max(...waits));
            expect(spread <= window || longestWaitMs >= 60_000).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('refuses a flag that is none', () => {
  const entries = [{ ...entry('a', 0), ahead: 1 as unknown as boolean }];
  expect(() => propose({ now: NOW, queue: rules(2, 1), entries, servers })).toThrow(
    /^entries\[0\]\.ahead: expected a boolean/,
  );
});
