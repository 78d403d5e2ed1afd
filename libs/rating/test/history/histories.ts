import fc from 'fast-check';
import type { HistoryMatch, Rating, RatingModel } from '../../src/index.js';

const PLAYERS = ['anna', 'ben', 'carl', 'dora', 'emil', 'fay', 'gus', 'hana', 'ivo', 'jan'];
const DAY = 86_400_000;

/** Idle times, as a history has them: none at all, seconds, years. */
const idle = fc.oneof(fc.constantFrom(0, 1, DAY), fc.integer({ min: 0, max: 400 * DAY }));

interface Draft {
  match: Omit<HistoryMatch, 'at'>;
  idle: number;
}

/** A match of two to four teams of one to three players, with every combination of optional parts. */
const draft: fc.Arbitrary<Draft> = fc
  .record({
    players: fc.shuffledSubarray(PLAYERS, { minLength: 2 }),
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 }),
    ranks: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
    fractions: fc.array(fc.constantFrom(0, 0.25, 0.7, 1), { minLength: 12, maxLength: 12 }),
    has: fc.record({ scores: fc.boolean(), host: fc.boolean(), fractions: fc.boolean() }),
    host: fc.nat(3),
    matchImportance: fc.constantFrom(undefined, 0, 0.5, 1, 2),
    idle,
  })
  .map(({ players, sizes, ranks, fractions, has, host, matchImportance, idle: days }) => {
    const teams: string[][] = [];
    let next = 0;
    for (const size of sizes) {
      const team = players.slice(next, next + size);
      if (team.length > 0) teams.push(team);
      next += size;
    }
    if (teams.length === 1) teams.push(teams[0]?.splice(1) ?? []);
    const places = ranks.slice(0, teams.length);
    return {
      idle: days,
      match: {
        teams,
        ranks: places,
        ...(has.scores && { scores: places.map((rank) => 10 - 2 * rank) }),
        ...(has.host && { host: host % teams.length }),
        ...(has.fractions && {
          playFraction: teams.map((team, i) => team.map((_, j) => fractions[3 * i + j] ?? 1)),
        }),
        ...(matchImportance !== undefined && { matchImportance }),
      },
    };
  });

/** Matches in the order of time, with ids. */
export const matches = fc.array(draft, { minLength: 1, maxLength: 30 }).map((drafts): HistoryMatch[] => {
  let at = 1_600_000_000_000;
  return drafts.map(({ match, idle: days }, i) => ({ id: `m${i}`, at: (at += days), ...match }));
});

/** A seeded generator of numbers from 0 to below 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Teams of `size` drawn from `players`, the winner by chance, one match a minute. */
export function randomMatches(count: number, size: number, players: number, seed = 1): HistoryMatch[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const chosen = new Set<string>();
    while (chosen.size < 2 * size) chosen.add(`p${Math.floor(random() * players)}`);
    const ids = [...chosen];
    const outcome = random();
    return {
      id: `m${i}`,
      at: i * 60_000,
      teams: [ids.slice(0, size), ids.slice(size)],
      ranks: outcome < 0.1 ? [0, 0] : outcome < 0.55 ? [0, 1] : [1, 0],
    };
  });
}

/** What a replay must give, by the model's own objects alone. */
export function ratedOneByOne(history: readonly HistoryMatch[], model: RatingModel) {
  const ratings = new Map<string, Rating>();
  const last = new Map<string, number>();
  const games = new Map<string, number>();
  const changes = history.map(({ id: _id, at, teams, ...rest }) => {
    const before = teams.map((team) =>
      team.map((id) => {
        const rating = ratings.get(id);
        return rating === undefined
          ? model.aged(model.initial(), 0)
          : model.aged(rating, (at - (last.get(id) as number)) / DAY);
      }),
    );
    const after = model.rate({ teams: before, ...rest }).teams;
    teams.forEach((team, i) =>
      team.forEach((id, j) => {
        ratings.set(id, after[i]?.[j] as Rating);
        last.set(id, at);
        games.set(id, (games.get(id) ?? 0) + 1);
      }),
    );
    return { before, after };
  });
  return { ratings, last, games, changes };
}
