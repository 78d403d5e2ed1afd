import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MasterConfig } from '../src/config/master-config.js';
import {
  cooldownMs,
  levelAt,
  longestMemoryMs,
  raised,
  type CooldownRules,
} from '../src/penalties/penalty.js';
import type { PenaltyState } from '../src/penalties/penalty.js';
import { cooldownRules } from '../src/penalties/punish.js';
import { leaversOf } from '../src/results/leavers.js';

const DEFAULTS = cooldownRules(new MasterConfig());
const DAY_MS = 86_400_000;

const rules: fc.Arbitrary<CooldownRules> = fc
  .record({
    baseMs: fc.integer({ min: 1, max: DAY_MS }),
    factor: fc.double({ min: 1.1, max: 100, noNaN: true }),
    more: fc.integer({ min: 0, max: 29 * DAY_MS }),
    halfLifeMs: fc.integer({ min: 1_000, max: 30 * DAY_MS }),
  })
  .map(({ more, ...rest }) => ({ ...rest, maxMs: rest.baseMs + more }));
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const state: fc.Arbitrary<PenaltyState> = fc.record({
  level: fc.double({ min: 0, max: 60, noNaN: true }),
  until: time,
  changedAt: time,
});

describe('cooldowns', () => {
  test('by default: half a minute, 2 and 8 minutes, then half an hour', () => {
    const inARow = (n: number): PenaltyState[] => {
      const states: PenaltyState[] = [];
      for (let i = 0; i < n; i++) states.push(raised(states.at(-1), 1_000, DEFAULTS));
      return states;
    };
    expect(inARow(6).map(({ until }) => (until - 1_000) / 1_000)).toEqual([
      30, 120, 480, 1_800, 1_800, 1_800,
    ]);
  });

  test('half of what is held against somebody is forgotten with each half-life, and all of it in the end', () => {
    const before = { level: 2, until: 0, changedAt: 1_000 };
    const at = (halfLives: number) => levelAt(before, 1_000 + halfLives * DEFAULTS.halfLifeMs, DEFAULTS);
    expect([at(0), at(1), at(2), at(6)]).toEqual([2, 1, 0.5, 2 / 64]);
    expect(at(6.01)).toBe(0);
    // A clock that was set back forgets nothing and adds nothing.
    expect(at(-3)).toBe(2);
  });

  test('grow with the level and never beyond the longest', () => {
    const level = fc.double({ min: 0, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(rules, level, level, (r, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(cooldownMs(low, r)).toBeLessThanOrEqual(cooldownMs(high, r));
        expect(cooldownMs(0, r)).toBe(r.baseMs);
        expect(cooldownMs(high, r)).toBeLessThanOrEqual(r.maxMs);
      }),
    );
  });

  test('a fault never makes anything better, nor does one more, nor one sooner after the last', () => {
    fc.assert(
      fc.property(rules, state, time, fc.integer({ min: 0, max: DAY_MS }), (r, before, now, later) => {
        const one = raised(before, now, r);
        expect(one.until).toBeGreaterThanOrEqual(before.until);
        expect(one.until).toBeGreaterThanOrEqual(now + r.baseMs);
        expect(one.until - now).toBeLessThanOrEqual(Math.max(before.until - now, r.maxMs));
        const two = raised(one, now, r);
        expect(two.level).toBeGreaterThanOrEqual(one.level);
        expect(two.until).toBeGreaterThanOrEqual(one.until);
        const [soon, late] = [raised(one, now, r), raised(one, now + later, r)];
        expect(soon.level).toBeGreaterThanOrEqual(late.level);
      }),
    );
  });

  test('whatever somebody did, nothing is left of it in the end, and then it is as if he never had', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: DAY_MS }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rules, time, pauses, (r, start, waits) => {
        let penalty: PenaltyState | undefined;
        let now = start;
        for (const wait of waits) {
          penalty = raised(penalty, now, r);
          now += wait;
        }
        const end = (penalty?.changedAt ?? 0) + longestMemoryMs(r) + 1;
        expect(penalty && levelAt(penalty, end, r)).toBe(0);
        expect(raised(penalty && { ...penalty, until: 0 }, end, r)).toEqual(raised(undefined, end, r));
      }),
    );
  });

  test('who is punished once in a half-life and no oftener never has more than the second cooldown', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 200 }), (r, times) => {
        let penalty: PenaltyState | undefined;
        let now = 0;
        for (let i = 0; i < times; i++, now += r.halfLifeMs) {
          penalty = raised(penalty, now, r);
          expect(penalty.until - now).toBeLessThanOrEqual(cooldownMs(1, r));
        }
      }),
    );
  });
});

describe('who is to blame for having left', () => {
  const roster = [0, 0, 1, 1].map((team, n) => ({ id: `p${n}`, team }));
  const duel = [0, 1].map((team) => ({ id: `p${team}`, team }));
  const gone = (...ids: string[]) =>
    roster.map(({ id }) => ({ id, ...(ids.includes(id) && { left: true }) }));

  test.each<[string, Parameters<typeof leaversOf>[0]['players'], typeof roster, string[]]>([
    ['nobody left', gone(), roster, []],
    ['one of a team', gone('p1'), roster, ['p1']],
    ['one of each team', gone('p0', 'p3'), roster, ['p0', 'p3']],
    [
      'a whole team at once: a broken connection, or a server that drove it out',
      gone('p0', 'p1'),
      roster,
      [],
    ],
    ['a whole team and one of the other', gone('p0', 'p1', 'p2'), roster, ['p2']],
    ['everybody', gone('p0', 'p1', 'p2', 'p3'), roster, []],
    ['the one player of a team', gone('p0'), duel, ['p0']],
    ['both of a duel', gone('p0', 'p1'), duel, []],
    ['who was out early but stayed', [{ id: 'p0', playFraction: 0.1 }], duel, []],
    ['who left shortly before the end', [{ id: 'p0', left: true, playFraction: 0.9 }], duel, []],
    ['who left in the middle', [{ id: 'p0', left: true, playFraction: 0.89 }], duel, ['p0']],
    ['who is said not to have left', [{ id: 'p0', left: false, playFraction: 0 }], duel, []],
  ])('%s', (_, players, of, blamed) => {
    expect(leaversOf({ players }, of)).toEqual(blamed);
  });
});
