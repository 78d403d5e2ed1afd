import { propose, proposeInSteps, type Entry, type Proposal } from '../src/index.js';
import { entry, NOW, rules, server } from './population.js';

const one = rules(2, 1);
const plenty = [server('s', 100)];
const run = (entries: Entry[], queue = one, servers = plenty) =>
  propose({ now: NOW, queue, entries, servers });

describe('the window', () => {
  it('two players within it are matched, and the proposal says how', () => {
    expect(run([entry('a', 0, 3), entry('b', 120)])).toEqual({
      matches: [
        {
          queue: '2x1',
          serverId: 's',
          region: 'eu',
          teams: [['a.0'], ['b.0']],
          entryIds: ['a', 'b'],
          quality: expect.closeTo(one.model.quality([[{ mu: 25, sigma: 2 }], [{ mu: 27.5, sigma: 2 }]]), 12),
          odds: [expect.closeTo(0.31, 2), expect.closeTo(0.606, 2), expect.closeTo(0.084, 2)],
          // exp(-(120 / 200)^2 / 4), the same for the spread over 400, and one of two has waited a twentieth of the limit.
          worth: expect.closeTo(Math.exp(-0.09) * Math.exp(-0.045) * 1.025, 9),
          spread: expect.closeTo(120, 9),
          window: 130,
          lastResort: false,
          waits: [3000, 0],
          longestWaitMs: 3000,
          worstLatency: undefined,
          repeats: 0,
        },
      ],
      leftovers: [],
    });
  });

  it('beyond it both wait, and are told how far the nearest is', () => {
    const { matches, leftovers } = run([entry('a', 0, 2), entry('b', 131)]);
    expect(matches).toEqual([]);
    expect(leftovers).toEqual([
      { entryId: 'a', reason: 'window', window: 120, nearest: expect.closeTo(131, 9) },
      { entryId: 'b', reason: 'window', window: 100, nearest: expect.closeTo(131, 9) },
    ]);
  });

  it.each([
    // points apart, seconds waited by one, by the other, matched
    [100, 0, 0, true],
    [101, 0, 0, false],
    [150, 5, 0, true],
    [150, 0, 5, true],
    [150, 4.9, 4.9, false],
    [400, 59, 0, true],
    [401, 59, 0, false],
    [401, 60, 0, true],
    [100_000, 0, 60, true],
  ])('%d points apart after %d s and %d s: matched %s', (points, first, second, matched) => {
    const { matches } = run([entry('a', 0, first), entry('b', points, second)]);
    expect(matches).toHaveLength(matched ? 1 : 0);
  });

  it('a last resort says that it is one', () => {
    const [match] = run([entry('a', 0, 70), entry('b', 999)]).matches;
    expect(match).toMatchObject({ lastResort: true, window: 400, spread: expect.closeTo(999, 6) });
  });

  it('a last resort still takes the nearest', () => {
    const [match] = run([entry('a', 0, 70), entry('far', 900, 50), entry('near', 500)]).matches;
    expect(match?.entryIds).toEqual(['a', 'near']);
  });

  it('the last resort comes after 180 s unless the queue says otherwise', () => {
    const { lastResortAfter: _, ...window } = one.window;
    const queue = { ...one, window };
    expect(run([entry('a', 0, 179.9), entry('b', 9999)], queue).matches).toHaveLength(0);
    expect(run([entry('a', 0, 180), entry('b', 9999)], queue).matches).toHaveLength(1);
  });

  it('who joined in the future has waited no time at all', () => {
    const [match] = run([entry('a', 0, -5), entry('b', 100, -3)]).matches;
    expect(match).toMatchObject({ window: 100, longestWaitMs: 0 });
  });

  it('strengths that no double can hold apart do no harm', () => {
    const extreme = (id: string, mu: number): Entry => ({
      id,
      joinedAt: NOW,
      players: [{ id, rating: { mu, sigma: 1 } }],
    });
    const { leftovers } = run([extreme('a', Number.MAX_VALUE), extreme('b', -Number.MAX_VALUE)]);
    expect(leftovers.map(({ reason }) => reason)).toEqual(['window', 'window']);
  });
});

describe('who plays whom', () => {
  it('the longest waiting chooses first, the others among those who are left', () => {
    const entries = [entry('a', 0, 9), entry('b', 40, 5), entry('c', 60, 1), entry('d', 130, 0)];
    expect(run(entries).matches.map(({ entryIds }) => entryIds)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('a group of ten has the smallest spread around the longest waiting', () => {
    const entries = Array.from({ length: 30 }, (_, i) =>
      entry(`e${i}`, i < 10 ? i * 30 : 300 + i, i === 9 ? 30 : 0),
    );
    const [match] = run(entries, rules(2, 5)).matches;
    expect(match?.entryIds[0]).toBe('e9');
    // 270 and the nine from 310 to 318.
    expect(match?.spread).toBeCloseTo(48, 9);
  });

  it('among equals the one with the lower id goes first', () => {
    expect(run([entry('c', 0), entry('a', 0), entry('b', 0)]).leftovers).toEqual([
      { entryId: 'c', reason: 'not_enough_players', players: 1, needed: 2 },
    ]);
  });

  it('teams are as even as they can be', () => {
    const points = [0, 10, 20, 30, 40, 50, 60, 70, 80, 100];
    const entries = points.map((p, i) => entry(`e${i}`, p, 20));
    const [match] = run(entries, rules(2, 5)).matches;
    const strength = (team: string[]) =>
      team.reduce((sum, id) => sum + (points[Number(id.slice(1, -2))] ?? NaN), 0);
    const [first, second] = (match?.teams ?? []).map(strength) as [number, number];
    expect(Math.abs(first - second)).toBe(0);
    expect(match?.teams[0]).toContain('e0.0');
  });

  it('a free-for-all has one player per team', () => {
    const entries = [1, 2, 3, 4].map((i) => entry(`e${i}`, i, i));
    expect(run(entries, rules(4, 1)).matches[0]?.teams).toEqual([['e4.0'], ['e3.0'], ['e2.0'], ['e1.0']]);
  });
});

describe('parties', () => {
  it('stay in one team', () => {
    const entries = [
      entry('duo', 0, 5, 2),
      entry('a', 10),
      entry('b', 20),
      entry('trio', 0, 0, 3),
      entry('x', 5),
      entry('y', 6),
      entry('z', 7),
    ];
    const [match] = run(entries, rules(2, 5)).matches;
    const teamOf = (id: string) => match?.teams.findIndex((team) => team.includes(id));
    expect(match?.entryIds).toHaveLength(7);
    expect(teamOf('duo.0')).toBe(teamOf('duo.1'));
    expect(new Set(['trio.0', 'trio.1', 'trio.2'].map(teamOf)).size).toBe(1);
  });

  it('a nearer entry that fits nowhere is passed over', () => {
    const entries = [
      entry('quad', 0, 5, 4),
      entry('trio', 1, 0, 3),
      entry('solo1', 30),
      entry('five', 50, 0, 5),
    ];
    const { matches, leftovers } = run(entries, rules(2, 5));
    expect(matches[0]?.entryIds).toEqual(['quad', 'five', 'solo1']);
    expect(leftovers).toEqual([{ entryId: 'trio', reason: 'not_enough_players', players: 3, needed: 10 }]);
  });

  it('a choice that leads nowhere is taken back', () => {
    // The nearer duo leaves room for a single player alone, of whom there is no other: the trio has to come instead.
    const entries = [
      entry('duo', 0, 5, 2),
      entry('solo1', 1),
      entry('duo2', 2, 0, 2),
      entry('trio', 3, 0, 3),
    ];
    expect(run(entries, rules(2, 3)).leftovers.map(({ entryId }) => entryId)).toEqual(['duo2']);
  });

  it('that do not add up to full teams are told so', () => {
    const { leftovers } = run([entry('a', 0, 0, 2), entry('b', 0, 0, 2), entry('c', 0, 0, 2)], rules(2, 3));
    expect(leftovers).toEqual(
      ['a', 'b', 'c'].map((entryId) => ({ entryId, reason: 'no_fit', players: 6, needed: 6 })),
    );
  });

  it('too far away are told how far', () => {
    const { leftovers } = run([entry('a', 0, 0, 2), entry('b', 300, 0, 2)], rules(2, 2));
    expect(leftovers[0]).toEqual({
      entryId: 'a',
      reason: 'window',
      window: 100,
      nearest: expect.closeTo(300, 9),
    });
  });

  it('that only fit with distant ones get them as a last resort, however many others are nearer', () => {
    const crowd = Array.from({ length: 300 }, (_, i) => entry(`quad${i}`, i / 100, 1, 4));
    const far = [entry('solo1', 5000), entry('solo2', -7000)];
    const [match] = run([entry('first', 0, 61, 4), ...crowd, ...far], rules(2, 5)).matches;
    expect(match).toMatchObject({ lastResort: true });
    expect(match?.entryIds).toEqual(expect.arrayContaining(['first', 'solo1', 'solo2']));
  });
});

describe('servers', () => {
  const eight = Array.from({ length: 8 }, (_, i) => entry(`e${i}`, 0, 8 - i));

  it('the one with the most places free comes first', () => {
    const servers = [server('b', 2), server('c', 1), server('a', 2), server('full', 0)];
    expect(run(eight, one, servers).matches.map(({ serverId }) => serverId)).toEqual(['a', 'b', 'a', 'b']);
  });

  it('when they are full, the longest waiting have had them, and the others are told', () => {
    const { matches, leftovers } = run(eight, one, [server('s', 3)]);
    expect(matches.map(({ entryIds }) => entryIds)).toEqual([
      ['e0', 'e1'],
      ['e2', 'e3'],
      ['e4', 'e5'],
    ]);
    expect(leftovers).toEqual(['e6', 'e7'].map((entryId) => ({ entryId, reason: 'no_server', servers: 1 })));
  });

  it('without any, who would have no opponent is told that instead', () => {
    const { leftovers } = run([entry('a', 0), entry('b', 1), entry('c', 500)], one, []);
    expect(leftovers.map(({ reason }) => reason)).toEqual(['no_server', 'no_server', 'not_enough_players']);
  });
});

describe('in steps', () => {
  it('pauses, and comes to the same answer', () => {
    const entries = Array.from({ length: 12_000 }, (_, i) => entry(`e${i}`, (i * 7919) % 1000, i % 50));
    const input = { now: NOW, queue: one, entries, servers: [server('s', 10_000)] };
    const steps = proposeInSteps(input);
    let pauses = 0;
    let pausesWithMatches = 0;
    const given: Proposal[] = [];
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) {
      pauses++;
      if (step.value.length > 0) pausesWithMatches++;
      given.push(...step.value);
    }
    expect(pauses).toBeGreaterThan(4);
    expect(pausesWithMatches).toBeGreaterThan(3);
    expect(given).toEqual(step.value.matches);
    expect(JSON.stringify(step.value)).toBe(JSON.stringify(propose(input)));
    expect(step.value.matches).toHaveLength(6000);
  });

  it('the answer is plain data, as a worker thread can send it', () => {
    const result = run([entry('a', 0, 3), entry('b', 120), entry('c', 900)]);
    expect(result.leftovers).toHaveLength(1);
    expect(structuredClone(result)).toEqual(result);
    expect(Object.getPrototypeOf(result.matches[0])).toBe(Object.prototype);
  });

  it('nothing waiting, nothing proposed', () => {
    expect(run([])).toEqual({ matches: [], leftovers: [] });
  });
});
