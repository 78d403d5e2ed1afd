import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Sealer } from '@ranked/store';
import { gaussian } from '@ranked/rating';
import { printable } from '../src/game-servers/printable.js';
import { Batcher } from '../src/matchmaking/batcher.js';
import { JoinTokens, type JoinTokenOf } from '../src/matchmaking/join-tokens.js';
import { randomUuids, timeOrderedUuids } from '../src/matchmaking/match-ids.js';
import { RepeatedTask } from '../src/matchmaking/repeated-task.js';
import { RulesModels } from '../src/matchmaking/rules-models.js';
import {
  FIRST_REST_MS,
  LONGEST_REST_MS,
  ServerFaults,
  UNSTARTED_ALLOWED,
} from '../src/matchmaking/server-faults.js';
import { Told } from '../src/matchmaking/told.js';
import { canonicalResult } from '../src/results/canonical-result.js';
import { outcomeOf } from '../src/results/outcome.js';
import { rateMatch } from '../src/results/rate-match.js';
import { DURATION_SLACK_MS, verifyResult } from '../src/results/verify-result.js';

describe('join tokens', () => {
  const tokens = new JoinTokens({ sealer: new Sealer(Buffer.alloc(32, 1)) });
  const of: JoinTokenOf = { matchId: 'm', attempt: 1, playerId: 'p', generation: 0 };

  test('are 32 bytes, the same at every call, and known to the server by their digest alone', () => {
    expect(tokens.token(of)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(tokens.token(of)).toBe(tokens.token({ ...of }));
    expect(tokens.digest(of)).toMatch(/^[0-9a-f]{64}$/);
    expect(tokens.matches(tokens.token(of), of)).toBe(true);
  });

  test.each<[string, Partial<JoinTokenOf>]>([
    ['match', { matchId: 'n' }],
    ['attempt', { attempt: 2 }],
    ['player', { playerId: 'q' }],
    ['generation', { generation: 1 }],
  ])('of another %s are others', (_, other) => {
    expect(tokens.token({ ...of, ...other })).not.toBe(tokens.token(of));
    expect(tokens.matches(tokens.token({ ...of, ...other }), of)).toBe(false);
  });

  test('under another database key are others', () => {
    const others = new JoinTokens({ sealer: new Sealer(Buffer.alloc(32, 2)) });
    expect(others.token(of)).not.toBe(tokens.token(of));
  });

  test.each(['', 'short', 'A'.repeat(43), 'A'.repeat(44), '=', '\u0000'])('%j is not a token', (text) => {
    expect(tokens.matches(text, of)).toBe(false);
  });
});

describe('verifyResult', () => {
  const playerIds = ['a', 'b', 'c', 'd'];
  const facts = { teams: 2, playerIds, allowedAt: 1_000 };
  const result = {
    matchId: 'm',
    durationMs: 500,
    teams: [{ rank: 0 }, { rank: 1 }],
    players: playerIds.map((id) => ({ id })),
  };

  test.each([[[0, 1]], [[1, 0]], [[0, 0]]])('takes ranks %j', (ranks) => {
    expect(verifyResult({ ...result, teams: ranks.map((rank) => ({ rank })) }, facts, 2_000)).toBeUndefined();
  });

  test('takes a duration up to the time since the roster was acknowledged, with some slack', () => {
    const limit = 1_000 + DURATION_SLACK_MS;
    expect(verifyResult({ ...result, durationMs: limit }, facts, 2_000)).toBeUndefined();
    expect(verifyResult({ ...result, durationMs: limit + 1 }, facts, 2_000)).toMatchObject({
      code: 'bad_result',
    });
  });

  test('takes exactly the roster, in any order, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 }), (ids) => {
        const fault = verifyResult({ ...result, players: ids.map((id) => ({ id })) }, facts, 2_000);
        const exact = [...ids].sort().join() === playerIds.join();
        expect(fault?.code).toBe(exact ? undefined : 'bad_roster');
      }),
    );
  });
});

test('a result is the same result in any order of its players, and with members that the protocol does not know', () => {
  const result = {
    matchId: 'm',
    durationMs: 1,
    teams: [{ rank: 0, score: 1 }],
    players: [
      { id: 'b', stats: { x: 1 } },
      { id: 'a', playFraction: 0.5 },
    ],
  };
  const other = {
    ...result,
    extra: 1,
    players: [...result.players].reverse().map((player) => ({ ...player, unknown: true })),
  };
  expect(canonicalResult(other)).toEqual(canonicalResult(result));
  expect(canonicalResult(other)).not.toHaveProperty('extra');
});

describe('rateMatch', () => {
  const model = gaussian();
  const before = model.initial();
  const seats = [0, 0, 1, 1].map((team, i) => ({ id: `p${i}`, team, before, idleMs: null }));
  const result = {
    matchId: 'm',
    durationMs: 1,
    teams: [
      { rank: 1, score: 2 },
      { rank: 0, score: 7 },
    ],
    players: seats.map(({ id }) => ({ id })),
  };

  test('rates teams by their ranks and keeps the order of the seats', () => {
    const outcomes = rateMatch(model, {}, result, seats);
    expect(outcomes.map(({ id, rank, score }) => [id, rank, score])).toEqual([
      ['p0', 1, 2],
      ['p1', 1, 2],
      ['p2', 0, 7],
      ['p3', 0, 7],
    ]);
    expect(outcomes[0]?.after.mu).toBeLessThan(before.mu);
    expect(outcomes[2]?.after.mu).toBeGreaterThan(before.mu);
    expect(outcomes.every((outcome) => outcome.before === before)).toBe(true);
  });

  test('seats in another order get the same ratings', () => {
    const straight = new Map(rateMatch(model, {}, result, seats).map(({ id, after }) => [id, after]));
    const mixed = [seats[2], seats[0], seats[3], seats[1]].filter((seat) => seat !== undefined);
    for (const { id, after } of rateMatch(model, {}, result, mixed)) expect(after).toEqual(straight.get(id));
  });

  test('who played half of it is moved less', () => {
    const players = result.players.map((player) =>
      player.id === 'p2' ? { ...player, playFraction: 0.5 } : player,
    );
    const outcomes = rateMatch(model, {}, { ...result, players }, seats);
    expect(outcomes[2]?.playFraction).toBe(0.5);
    expect((outcomes[2]?.after.mu ?? 0) - before.mu).toBeLessThan((outcomes[3]?.after.mu ?? 0) - before.mu);
  });
});

test.each([
  [0, [0, 1], 'win'],
  [1, [0, 1], 'loss'],
  [0, [0, 0], 'draw'],
  [0, [1, 0, 2], 'win'],
  [0, [0, 0, 2], 'draw'],
  [2, [0, 0, 2], 'loss'],
  [1, [0, 1, 1], 'loss'],
])('rank %i among %j is a %s', (own, all, outcome) => {
  expect(outcomeOf(own, all)).toBe(outcome);
});

describe('ServerFaults', () => {
  test('rests double with each failure, up to a limit, and begin anew after an Ack', () => {
    const faults = new ServerFaults();
    const rests = Array.from({ length: 12 }, () => {
      const rest = faults.restUntil('s', 1_000) - 1_000;
      faults.failed('s');
      return rest;
    });
    expect(rests.slice(0, 3)).toEqual([FIRST_REST_MS, 2 * FIRST_REST_MS, 4 * FIRST_REST_MS]);
    expect(rests.at(-1)).toBe(LONGEST_REST_MS);
    faults.acknowledged('s');
    expect(faults.restUntil('s', 0)).toBe(FIRST_REST_MS);
  });

  test('only matches in a row that did not start count', () => {
    const faults = new ServerFaults();
    for (let i = 1; i < UNSTARTED_ALLOWED; i++) faults.unstarted('s');
    expect(faults.wouldRest('s', 1)).toBe(true);
    faults.started('s');
    expect(faults.wouldRest('s', 1)).toBe(false);
  });
});

describe('Batcher', () => {
  test('one batch at a time; what comes meanwhile goes into the next; nobody twice', async () => {
    const batches: string[][] = [];
    let running = 0;
    const batcher = new Batcher<string>(
      async (keys) => {
        expect(++running).toBe(1);
        batches.push(keys);
        if (batches.length === 1) batcher.add(['c', 'd', 'c']);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      },
      10,
      () => undefined,
    );
    batcher.add(['a']);
    batcher.add(['b', 'a']);
    await batcher.idle();
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('keeps to its limit', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number>(
      async (keys) => void sizes.push(keys.length),
      4,
      () => undefined,
    );
    batcher.add(Array.from({ length: 10 }, (_, i) => i));
    await batcher.idle();
    expect(sizes).toEqual([4, 4, 2]);
  });

  test('a batch that fails is tried again when asked to, and not before', async () => {
    const errors: unknown[] = [];
    const done: string[] = [];
    let fail = true;
    const batcher = new Batcher<string>(
      async (keys) => {
        if (fail) throw new Error('no');
        done.push(...keys);
      },
      10,
      (error) => errors.push(error),
    );
    batcher.add(['a']);
    await batcher.idle();
    expect([errors.length, done]).toEqual([1, []]);
    fail = false;
    batcher.kick();
    await batcher.idle();
    expect(done).toEqual(['a']);
  });
});

test('RepeatedTask never overlaps itself, goes on after a failure, and ends when it is stopped', async () => {
  let running = 0;
  let begun = 0;
  let times = 0;
  const errors: unknown[] = [];
  const { promise, resolve } = deferred();
  const task = new RepeatedTask(
    1,
    async () => {
      begun++;
      expect(++running).toBe(1);
      await new Promise((next) => setImmediate(next));
      running--;
      if (++times === 4) resolve();
      if (times % 2 === 1) throw new Error('odd');
    },
    (error) => errors.push(error),
  );
  task.start();
  task.start();
  await promise;
  await task.stop();
  const at = begun;
  expect([times, errors.length]).toEqual([at, Math.ceil(at / 2)]);
  // Timers of one length end in the order of their beginnings: one that the task had left behind would come before this one's.
  const later = deferred();
  const other = new RepeatedTask(1, async () => later.resolve(), later.resolve);
  other.start();
  await later.promise;
  await other.stop();
  expect(begun).toBe(at);
});

test.each([4, 7])(
  'uuids of version %i: all different, also when more are asked for than are drawn at a time',
  (version) => {
    const random = { bytes: (n: number) => randomBytes(n) };
    const ids = version === 4 ? randomUuids(random, 3) : timeOrderedUuids(random, 0x0123_4567_89ab, 3);
    const drawn = Array.from({ length: 8 }, () => ids.next());
    for (const id of drawn) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(id.charAt(14)).toBe(String(version));
      if (version === 7) expect(id.startsWith('01234567-89ab-7')).toBe(true);
    }
    expect(new Set(drawn).size).toBe(8);
  },
);

test('uuids are the random bytes but for version, variant, time and counter', () => {
  const random = { bytes: (n: number) => Buffer.alloc(n, 0xff) };
  expect(randomUuids(random, 2).next()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  const ordered = timeOrderedUuids(random, 0x0123_4567_89ab, 50);
  const drawn = Array.from({ length: 66 }, () => ordered.next());
  expect([drawn[0], drawn[65]]).toEqual([
    '01234567-89ab-7000-80ff-ffffffffffff',
    '01234567-89ab-7001-81ff-ffffffffffff',
  ]);
  const zero = { bytes: (n: number) => Buffer.alloc(n) };
  expect(randomUuids(zero, 1).next()).toBe('00000000-0000-4000-8000-000000000000');
});

test('uuids of version 7 grow, over a tick of more than 64 and of more than 4,096', () => {
  const ids = timeOrderedUuids({ bytes: (n) => randomBytes(n) }, 1, 300);
  const drawn = Array.from({ length: 5000 }, () => ids.next());
  expect([...drawn].sort()).toEqual(drawn);
});

test('Told says so once per connection and notice, and does not grow without end', () => {
  const told = new Told();
  const [one, other] = [{}, {}];
  expect([told.first(one, 'a'), told.first(one, 'a'), told.first(other, 'a')]).toEqual([true, false, true]);
  for (let i = 0; i < 100; i++) told.first(one, `n${i}`);
  expect(told.first(one, 'a')).toBe(true);
});

test('printable text stays on its line and in its order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const character of printable(text)) {
        const code = character.codePointAt(0) ?? 0;
        expect(code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e)).toBe(
          false,
        );
      }
    }),
  );
  expect(printable('Grüße, 世界 👋')).toBe('Grüße, 世界 👋');
});

test('models are built once per set of parameters', () => {
  const models = new RulesModels();
  const rules = {
    queue: 'q',
    teams: 2,
    size: 1,
    window: { initial: 1, perSecond: 1, max: 1 },
    rating: { model: 'gaussian', mu: 25 },
  };
  expect(models.of(rules)).toBe(models.of({ ...rules, queue: 'other' }));
  expect(models.of({ ...rules, rating: { model: 'gaussian', mu: 30 } })).not.toBe(models.of(rules));
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
