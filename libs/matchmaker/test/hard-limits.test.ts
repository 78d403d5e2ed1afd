import fc from 'fast-check';
import {
  explainLeftover,
  explainProposal,
  propose,
  proposeInSteps,
  type Proposal,
  type Entry,
  type Player,
  type ProposeInput,
  type ProposeResult,
} from '../src/index.js';
import { NOW, rules } from './population.js';
import { anyRules, anyServersOfAKind, anyWishfulEntries } from './wishes.js';

const shapes: [teams: number, size: number, largest: number][] = [
  [2, 1, 1],
  [2, 2, 2],
  [2, 5, 1],
  [2, 5, 4],
  [3, 2, 2],
  [4, 1, 1],
];

/** Whether the places can be given to different people, each to one who can take it. */
function canFill(places: readonly string[], players: readonly Player[]): boolean {
  const [place, ...others] = places;
  if (place === undefined) return true;
  return players.some(
    (player) =>
      player.roles?.includes(place) !== false &&
      canFill(
        others,
        players.filter((one) => one !== player),
      ),
  );
}

describe.each(shapes)('%d teams of %d, entries of up to %d players, any rules', (teams, size, largest) => {
  const inputs = fc
    .record({
      queue: anyRules(teams, size),
      entries: anyWishfulEntries(largest, 36),
      servers: anyServersOfAKind,
    })
    .map((input): ProposeInput => ({ now: NOW, ...input }));
  const check = (
    test: (input: ProposeInput, result: ProposeResult, playerOf: (id: string) => Player) => void,
    runs = 150,
  ) =>
    fc.assert(
      fc.property(inputs, (input) => {
        const players = new Map(input.entries.flatMap((e) => e.players.map((p) => [p.id, p] as const)));
        test(input, propose(input), (id) => players.get(id) as Player);
      }),
      { numRuns: runs },
    );

  it('every entry is in one match or left over; teams are full and parties whole', () => {
    check(({ entries }, { matches, leftovers }) => {
      const seen = [...matches.flatMap((match) => match.entryIds), ...leftovers.map((one) => one.entryId)];
      expect(seen.sort()).toEqual(entries.map(({ id }) => id).sort());
      const byId = new Map(entries.map((entry) => [entry.id, entry]));
      for (const match of matches) {
        expect(match.teams.map((team) => team.length)).toEqual(Array.from({ length: teams }, () => size));
        const members = match.entryIds.map((id) => byId.get(id) as Entry);
        expect(match.teams.flat().sort()).toEqual(members.flatMap((e) => e.players.map((p) => p.id)).sort());
        for (const { players } of members) {
          expect(new Set(players.map(({ id }) => match.teams.findIndex((t) => t.includes(id)))).size).toBe(1);
        }
        expect(match.waits).toEqual(members.map(({ joinedAt }) => NOW - joinedAt));
        expect(match.spread <= match.window || Math.max(...match.waits) >= 60_000).toBe(true);
      }
    });
  });

  it('nobody plays in a region too far away, whatever he waited', () => {
    check(({ queue }, { matches }, playerOf) => {
      for (const { region, teams: sides, worstLatency } of matches) {
        const measured = sides.flat().flatMap((id) => {
          const { latencies } = playerOf(id);
          return latencies === undefined ? [] : [latencies[region]];
        });
        const known = measured.filter((ms) => ms !== undefined);
        expect(worstLatency).toBe(known.length === 0 ? undefined : Math.max(...known));
        if (queue.latency === undefined) continue;
        expect(worstLatency ?? 0).toBeLessThanOrEqual(queue.latency.max);
        expect(measured).not.toContain(undefined);
      }
    });
  });

  it('nobody meets someone with whom he is blocked, but in his own party', () => {
    check(({ entries }, { matches }, playerOf) => {
      const partyOf = new Map(entries.flatMap((entry) => entry.players.map(({ id }) => [id, entry.id])));
      for (const { teams: sides } of matches) {
        for (const id of sides.flat()) {
          for (const other of sides.flat()) {
            if (partyOf.get(id) !== partyOf.get(other)) {
              expect(playerOf(id).blocked ?? []).not.toContain(other);
            }
          }
        }
      }
    });
  });

  it('every team can fill its roles, and parties meet parties where they must', () => {
    check(({ queue, entries }, { matches }, playerOf) => {
      const places = Object.entries(queue.roles ?? {}).flatMap(([role, count]) =>
        new Array<string>(count).fill(role),
      );
      const partySize = new Map(
        entries.flatMap(({ players }) => players.map(({ id }) => [id, players.length] as const)),
      );
      for (const { teams: sides } of matches) {
        for (const team of sides) expect(canFill(places, team.map(playerOf))).toBe(true);
        if (queue.parties !== 'only-against-parties') continue;
        const withParty = sides.filter((team) => team.some((id) => (partySize.get(id) ?? 0) > 1));
        expect([0, teams]).toContain(withParty.length);
      }
    });
  });

  it('servers: places, build, the share of those on probation, those that failed only as a last resort', () => {
    check(({ queue, servers }, { matches }) => {
      const byId = new Map(servers.map((server) => [server.id, server]));
      for (const server of servers) {
        const got = matches.filter(({ serverId }) => serverId === server.id);
        expect(got.length).toBeLessThanOrEqual(server.free);
        expect(got.every(({ region }) => region === server.region)).toBe(true);
      }
      const fit = servers.filter(({ build }) => queue.build === undefined || build === queue.build);
      for (const match of matches) {
        const server = byId.get(match.serverId);
        expect(fit).toContain(server);
        if (server?.failedLately === true && queue.search !== undefined && queue.search !== 'fast') continue;
        if (server?.failedLately === true) expect(match.longestWaitMs).toBeGreaterThanOrEqual(60_000);
      }
      const trusted = fit.filter((server) => server.probation !== true && server.failedLately !== true);
      if (trusted.length === 0) return;
      const tried = matches.filter(
        (match) => byId.get(match.serverId)?.probation === true && match.longestWaitMs < 60_000,
      );
      const share = queue.probationShare ?? 0.1;
      if ((queue.search ?? 'fast') === 'fast') {
        expect(tried.length).toBeLessThanOrEqual(Math.ceil(share * matches.length));
      }
    });
  });

  it('the order of the input makes no difference, nor do pauses', () => {
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), (input, keys) => {
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((value) => ({ value, key: keys.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value);
        const { entries, servers } = input;
        const steps = proposeInSteps({ ...input, entries: shuffled(entries), servers: shuffled(servers) });
        let step = steps.next();
        const given: Proposal[] = [];
        for (; step.done !== true; step = steps.next()) given.push(...step.value);
        expect(step.value).toEqual(propose(input));
        expect(given).toEqual(step.value.matches);
      }),
    );
  });

  it('the better search is worth no less than the fast one', () => {
    check(({ queue, ...rest }) => {
      const worth = (rules: ProposeInput['queue']) =>
        propose({ queue: rules, ...rest }).matches.reduce((sum, match) => sum + match.worth, 0);
      expect(worth({ ...queue, search: { steps: 500 } })).toBeGreaterThan(
        worth({ ...queue, search: 'fast' }) - 1e-9,
      );
    });
  });

  it('everything can be said in a sentence', () => {
    check((_input, { matches, leftovers }) => {
      for (const text of [...matches.map(explainProposal), ...leftovers.map(explainLeftover)]) {
        expect(text).toMatch(/^[A-Z][^.]*(\.\d+[^.]*)*\.$/);
        expect(text).not.toMatch(/undefined|NaN|Infinity/);
      }
    }, 40);
  });
});

it('one beyond the limit is matched with the only one whom he may meet, whoever else is nearer', () => {
  const near = Array.from({ length: 40 }, (_, i): Entry => ({
    id: `near${i}`,
    joinedAt: NOW,
    players: [
      {
        id: `n${i}`,
        rating: { mu: 25 + i / 1000, sigma: 2 },
        latencies: { us: 30 },
        blocked: i % 2 ? ['first'] : [],
      },
    ],
  }));
  fc.assert(
    fc.property(
      fc.integer({ min: 60, max: 5000 }),
      fc.double({ min: -900, max: 900, noNaN: true }),
      (wait, mu) => {
        const entries: Entry[] = [
          ...near,
          {
            id: 'first',
            joinedAt: NOW - wait * 1000,
            players: [{ id: 'first', rating: { mu: 25, sigma: 2 }, latencies: { eu: 30, us: 150 } }],
          },
          {
            id: 'far',
            joinedAt: NOW,
            players: [{ id: 'far', rating: { mu, sigma: 2 }, latencies: { eu: 99 } }],
          },
        ];
        const queue = { ...rules(2, 1), latency: { good: 40, max: 100 } };
        const { matches } = propose({
          now: NOW,
          queue,
          entries,
          servers: [
            { id: 's', region: 'eu', free: 30 },
            { id: 't', region: 'us', free: 30 },
          ],
        });
        expect(matches[0]).toMatchObject({ entryIds: ['first', 'far'], region: 'eu', worstLatency: 99 });
      },
    ),
  );
});
