import {
  explainLeftover,
  explainProposal,
  propose,
  type Entry,
  type Leftover,
  type Player,
  type QueueRules,
  type ServerSlot,
} from '../src/index.js';
import { entry, NOW, rules } from './population.js';

const plenty: ServerSlot[] = ['eu', 'us'].map((region) => ({ id: region, region, free: 20 }));
const run = (entries: Entry[], more: Partial<QueueRules> = {}, servers = plenty) =>
  propose({ now: NOW, queue: { ...rules(2, 1), ...more }, entries, servers });
/** {@link entry} with something said of its players. */
const who = (id: string, points: number, said: Partial<Player>, seconds = 0, players = 1): Entry => {
  const plain = entry(id, points, seconds, players);
  return { ...plain, players: plain.players.map((player) => ({ ...player, ...said })) };
};
const pairs = (result: ReturnType<typeof run>) => result.matches.map(({ entryIds }) => entryIds.join());
const latency = { good: 40, max: 100 };

describe('latency', () => {
  const near = (region: string) => ({ latencies: { [region]: 20 } });

  it('a nearer opponent in another region is passed over', () => {
    const result = run([who('a', 0, near('eu'), 5), who('b', 10, near('us')), who('c', 90, near('eu'))], {
      latency,
    });
    expect(result.matches).toMatchObject([{ entryIds: ['a', 'c'], region: 'eu', worstLatency: 20 }]);
  });

  it('the match goes where the slowest is fastest, not where most places are free', () => {
    const both = { latencies: { eu: 90, us: 45 } };
    const servers = [{ id: 'eu', region: 'eu', free: 50 }, ...plenty.slice(1)];
    const { matches } = run(
      [who('a', 0, both), who('b', 1, { latencies: { eu: 30, us: 80 } })],
      { latency },
      servers,
    );
    expect(matches).toMatchObject([{ region: 'us', worstLatency: 80 }]);
  });

  it('among good ones it is the free places that count', () => {
    const servers = [{ id: 'eu', region: 'eu', free: 50 }, ...plenty.slice(1)];
    const both = { latencies: { eu: 39, us: 5 } };
    expect(run([who('a', 0, both), who('b', 1, both)], { latency }, servers).matches[0]?.region).toBe('eu');
  });

  it('a region whose servers are full is avoided while another will do', () => {
    const both = { latencies: { eu: 20, us: 95 } };
    const servers = [{ id: 'eu', region: 'eu', free: 0 }, ...plenty.slice(1)];
    expect(run([who('a', 0, both), who('b', 1, both)], { latency }, servers).matches[0]?.region).toBe('us');
  });

  it('not even the last resort goes beyond the limit, and the reason has the numbers', () => {
    const { matches, leftovers } = run(
      [who('a', 0, { latencies: { eu: 20, us: 130 } }, 900), who('b', 1, near('us'))],
      { latency },
    );
    expect(matches).toEqual([]);
    expect(leftovers[0]).toEqual({ entryId: 'a', reason: 'latency', max: 100, nearest: 130 });
  });

  it('who has measured nothing plays anywhere', () => {
    expect(pairs(run([entry('a', 0, 5), who('b', 1, near('us'))], { latency }))).toEqual(['a,b']);
  });
});

describe('players who do not want to meet', () => {
  it.each([
    ['he says so', { blocked: ['b.0'] }, {}],
    ['the other says so', {}, { blocked: ['a.0'] }],
  ])('never do, last resort or not: %s', (_name, first, second) => {
    const { matches, leftovers } = run([who('a', 0, first, 999), who('b', 1, second)]);
    expect(matches).toEqual([]);
    expect(leftovers[0]).toEqual({ entryId: 'a', reason: 'blocked', entries: 1 });
  });

  it('nor are they in one team', () => {
    const entries = [who('a', 0, { blocked: ['b.0'] }, 9), ...['b', 'c', 'd', 'e'].map((id) => entry(id, 5))];
    expect(run(entries, { size: 2 }).matches[0]?.entryIds).toEqual(['a', 'c', 'd', 'e']);
  });

  it('opponents of the last match meet again only where the window holds nobody else', () => {
    const met = { lastOpponents: ['b.0'] };
    expect(pairs(run([who('a', 0, met, 5), entry('b', 1), entry('c', 99)]))).toEqual(['a,c']);
    expect(pairs(run([who('a', 0, met, 5), entry('b', 1), entry('c', 999)]))).toEqual(['a,b']);
    expect(run([who('a', 0, met), entry('b', 1)]).matches[0]?.repeats).toBe(1);
    expect(pairs(run([who('a', 0, met, 5), entry('b', 1), entry('c', 99)], { repeats: 'allow' }))).toEqual([
      'a,b',
    ]);
  });
});

describe('roles', () => {
  const roles = { tank: 1, healer: 1 };
  const as = (id: string, points: number, ...list: string[]) => who(id, points, { roles: list });

  it('each team has one who can take each', () => {
    const entries = [
      as('t1', 0, 'tank'),
      as('t2', 50, 'tank'),
      as('h', 10, 'healer'),
      as('x', 40, 'healer', 'tank'),
    ];
    const [match] = run(entries, { size: 2, roles }).matches;
    expect(match?.teams.map((team) => team.filter((id) => id.startsWith('t')).length)).toEqual([1, 1]);
  });

  it('too few for one of them: the reason says which', () => {
    const entries = ['a', 'b', 'c', 'd'].map((id) => as(id, 0, 'tank'));
    expect(run(entries, { size: 2, roles }).leftovers[0]).toEqual({
      entryId: 'a',
      reason: 'roles',
      roles: ['healer'],
      players: 0,
      needed: 2,
    });
  });

  it('somebody farther away is taken for a role that the nearest cannot take', () => {
    const entries = [
      as('a', 0, 'tank'),
      as('b', 1, 'tank'),
      as('c', 2, 'tank'),
      as('d', 80, 'healer'),
      entry('e', 90),
    ];
    expect(run(entries, { size: 2, roles }).matches[0]?.entryIds.sort()).toEqual(['a', 'b', 'd', 'e']);
  });
});

describe('parties against parties', () => {
  const entries = [entry('duo', 0, 5, 2), entry('x', 1), entry('y', 2), entry('pair', 90, 0, 2)];

  it('mixed: the nearest; parties first: a party within the window', () => {
    expect(pairs(run(entries, { size: 2 }))).toEqual(['duo,x,y']);
    expect(pairs(run(entries, { size: 2, parties: 'against-parties-first' }))).toEqual(['duo,pair']);
  });

  it('only: a party too far away leaves it waiting', () => {
    const far = [...entries.slice(0, 3), entry('pair', 900, 0, 2)];
    expect(pairs(run(far, { size: 2, parties: 'against-parties-first' }))).toEqual(['duo,x,y']);
    const { matches, leftovers } = run(far, { size: 2, parties: 'only-against-parties' });
    expect(matches).toEqual([]);
    expect(leftovers[0]).toMatchObject({ entryId: 'duo', reason: 'window', nearest: expect.closeTo(900, 6) });
    const alone = run(far.slice(0, 3), { size: 2, parties: 'only-against-parties' }).leftovers[0];
    expect(alone).toEqual({ entryId: 'duo', reason: 'parties', parties: 1, needed: 2 });
  });
});

describe('servers', () => {
  const entries = Array.from({ length: 200 }, (_, i) => entry(`e${i}`, 0, i % 30));
  const placed = (servers: ServerSlot[], more: Partial<QueueRules> = {}) => {
    const count = new Map<string, number>();
    for (const { serverId } of run(entries, more, servers).matches)
      count.set(serverId, (count.get(serverId) ?? 0) + 1);
    return count;
  };
  const one = (id: string, more: Partial<ServerSlot> = {}): ServerSlot => ({
    id,
    region: 'eu',
    free: 500,
    ...more,
  });

  it('on probation get some matches, but no more than their share', () => {
    const count = placed([one('old'), one('new', { probation: true })], { probationShare: 0.2 });
    expect(count.get('new')).toBeGreaterThan(5);
    expect(count.get('new')).toBeLessThanOrEqual(20);
  });

  it('on probation get all where no other exists, and none where their share is 0', () => {
    expect(placed([one('new', { probation: true })]).get('new')).toBe(100);
    expect([...placed([one('old'), one('new', { probation: true })], { probationShare: 0 }).keys()]).toEqual([
      'old',
    ]);
  });

  it('of another build are left out', () => {
    const servers = [one('a', { build: '1' }), one('b', { build: '2' }), one('c')];
    expect([...placed(servers, { build: '2' }).keys()]).toEqual(['b']);
    expect(run(entries, { build: '3' }, servers).leftovers[0]).toMatchObject({
      reason: 'no_server',
      servers: 0,
    });
  });

  it('that failed lately wait for a last resort', () => {
    const servers = [one('a', { failedLately: true })];
    expect(run([entry('a', 0, 59), entry('b', 0)], {}, servers).leftovers[0]?.reason).toBe('no_server');
    expect(run([entry('a', 0, 60), entry('b', 0)], {}, servers).matches[0]?.serverId).toBe('a');
  });
});

it.each([
  [0, 100],
  [5, 150],
  [10, 200],
  [25, 250],
  [40, 300],
  [50, 400],
  [90, 400],
])('a curve: after %d s the window is %d points wide', (seconds, width) => {
  const window = rules(2, 1, {
    curve: [
      [10, 200],
      [40, 300],
    ],
  }).window;
  const { leftovers } = run([entry('a', 0, seconds), entry('b', 5000)], {
    window: { ...window, lastResortAfter: 100 },
  });
  expect(leftovers[0]).toMatchObject({ reason: 'window', window: width });
});

it('a free-for-all: the odds add up, and the strongest has the best', () => {
  const [match] = run(
    [0, 100, 200, 300].map((points, i) => entry(`e${i}`, points, 50 - i)),
    { teams: 4 },
  ).matches;
  expect(match?.odds).toHaveLength(5);
  expect(match?.odds.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  expect(match?.odds).toEqual([...(match?.odds ?? []).slice(0, 4).sort((a, b) => a - b), 0]);
});

it('strengths that no double can hold apart still give odds', () => {
  const entries = [Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE].flatMap((mu, i) =>
    [0, 1].map((k): Entry => ({
      id: `e${i}${k}`,
      joinedAt: NOW - 999_000,
      players: [{ id: `p${i}${k}`, rating: { mu, sigma: 1 } }],
    })),
  );
  const [match] = run(entries, { teams: 3, size: 2 }).matches;
  expect(match?.odds.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect(match?.worth).toBe(0);
});

it.each<[Leftover, string]>([
  [
    { entryId: 'a', reason: 'window', window: 74, nearest: 131 },
    'The nearest opponents are 131 points apart, and the window is 74 points.',
  ],
  [
    { entryId: 'a', reason: 'not_enough_players', players: 1, needed: 2 },
    'Only 1 player of the 2 that a match needs is free.',
  ],
  [
    { entryId: 'a', reason: 'latency', max: 100, nearest: 130 },
    'Those who could play are 130 ms away from the best region they have in common, and at most 100 ms is allowed.',
  ],
  [
    { entryId: 'a', reason: 'roles', roles: ['healer', 'tank'], players: 3, needed: 4 },
    'Only 3 players can take the role healer or tank, and a match needs 4.',
  ],
  [
    { entryId: 'a', reason: 'no_server', servers: 1 },
    'Opponents are found, but no server has a place (1 server can host this queue).',
  ],
])('%j in a sentence', (leftover, sentence) => {
  expect(explainLeftover(leftover)).toBe(sentence);
});

it('a match in a sentence', () => {
  const [match] = run([entry('a', 0, 3), entry('b', 120)]).matches;
  expect(match && explainProposal(match)).toBe(
    'The match has quality 0.84, odds 31 % : 61 % with 8 % draws, 120 points apart in a window of 130 points, waits up to 3 s, played in eu.',
  );
});
