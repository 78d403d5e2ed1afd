import { propose, type Entry, type Proposal, type QueueRules } from '../src/index.js';
import { matchWorth, waitedShare } from '../src/match-worth.js';
import { isLastResort, windowWidth } from '../src/window.js';
import { bestPairs } from './best-pairs.js';
import { NOW, rules, server } from './population.js';
import { seeded } from './seeded.js';

const strengthOf = ({ players }: Entry) =>
  (players.reduce((sum, { rating }) => sum + rating.mu, 0) / players.length) * 48;
const waitOf = ({ joinedAt }: Entry) => NOW - joinedAt;

/** The worth of a match of single players in these teams, or 0 where the window forbids it. */
function worthOf(queue: QueueRules, teams: readonly (readonly Entry[])[]): number {
  const entries = teams.flat();
  const strengths = entries.map(strengthOf);
  const spread = Math.max(...strengths) - Math.min(...strengths);
  const wait = Math.max(...entries.map(waitOf));
  if (spread > windowWidth(queue.window, wait) && !isLastResort(queue.window, wait)) return 0;
  return matchWorth(queue, {
    teamStrengths: teams.map((team) => team.reduce((sum, entry) => sum + strengthOf(entry), 0)),
    spread,
    waited: entries.reduce((sum, entry) => sum + waitedShare(queue, waitOf(entry)), 0) / entries.length,
    worstLatency: undefined,
    repeated: false,
    unequalParties: false,
  });
}

function population(seed: number, count: number, deviation: number, longestWait: number): Entry[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => ({
    id: `e${i}`,
    joinedAt: NOW - Math.floor(random.uniform() * longestWait * 1000),
    players: [
      {
        id: `p${i}`,
        rating: { mu: 25 + (deviation * random.normal()) / 48, sigma: 1 + 5 * random.uniform() },
      },
    ],
  }));
}

const total = (matches: readonly Proposal[]) => matches.reduce((sum, { worth }) => sum + worth, 0);
const servers = [server('s', 1000)];

describe('the reference', () => {
  it('finds the largest total among all ways to make pairs', () => {
    const random = seeded(7);
    for (let round = 0; round < 300; round++) {
      const n = 2 + Math.floor(random.uniform() * 8);
      const weights = Array.from({ length: n }, () =>
        Array.from({ length: n }, () => (random.uniform() < 0.3 ? 0 : Math.floor(random.uniform() * 20))),
      );
      const weight = (a: number, b: number) => weights[Math.min(a, b)]?.[Math.max(a, b)] ?? 0;
      const best = (free: readonly number[]): number => {
        const [first, ...rest] = free;
        if (first === undefined) return 0;
        return Math.max(
          best(rest),
          ...rest.map((other) => weight(first, other) + best(rest.filter((one) => one !== other))),
        );
      };
      const pairs = bestPairs(n, weight);
      expect(new Set(pairs.flat()).size).toBe(2 * pairs.length);
      expect(pairs.reduce((sum, [a, b]) => sum + weight(a, b), 0)).toBe(best([...weights.keys()]));
    }
  });
});

describe('one against one', () => {
  it.each([
    [200, 288, 60],
    [200, 1000, 60],
    [100, 288, 10],
    [60, 600, 30],
    [199, 288, 20],
  ])('%d players (deviation %d points, up to %d s): near the optimum', (count, deviation, longestWait) => {
    const ratios = [1, 2, 3].map((seed) => {
      const entries = population(seed, count, deviation, longestWait);
      const queue: QueueRules = { ...rules(2, 1), search: { steps: 50_000 } };
      const fast = total(
        propose({ now: NOW, queue: { ...queue, search: 'fast' }, entries, servers }).matches,
      );
      const better = total(propose({ now: NOW, queue, entries, servers }).matches);
      const optimum = bestPairs(count, (a, b) =>
        Math.round(1e6 * worthOf(queue, [[entries[a] as Entry], [entries[b] as Entry]])),
      ).reduce((sum, [a, b]) => sum + worthOf(queue, [[entries[a] as Entry], [entries[b] as Entry]]), 0);
      return [fast / optimum, better / optimum] as const;
    });
    for (const [fast, better] of ratios) {
      expect(better).toBeLessThan(1 + 1e-6);
      expect(better).toBeGreaterThanOrEqual(fast);
      expect(better).toBeGreaterThan(0.97);
    }
  });
});

describe('five against five', () => {
  /** Every way to divide ten into two teams, as bit masks; the first is always in the first team. */
  const divisions = [...Array(1 << 9).keys()]
    .map((rest) => 2 * rest + 1)
    .filter((mask) => [...mask.toString(2)].filter((bit) => bit === '1').length === 5);

  function bestWorth(queue: QueueRules, group: readonly Entry[]): number {
    const strengths = group.map(strengthOf);
    const gap = (mask: number) =>
      Math.abs(strengths.reduce((sum, strength, i) => sum + (((mask >> i) & 1) * 2 - 1) * strength, 0));
    let evenest = divisions[0] as number;
    for (const mask of divisions) if (gap(mask) < gap(evenest)) evenest = mask;
    const side = (bit: number) => group.filter((_, i) => ((evenest >> i) & 1) === bit);
    return worthOf(queue, [side(1), side(0)]);
  }

  /** Simulated annealing over exchanges of any two entries, from two starts. */
  function longSearch(
    queue: QueueRules,
    entries: readonly Entry[],
    start: readonly Entry[],
    seed: number,
  ): number {
    const random = seeded(seed);
    const order = [...start, ...entries.filter((entry) => !start.includes(entry))];
    const count = Math.floor(order.length / 10);
    const group = (i: number) => order.slice(10 * i, 10 * i + 10);
    const worths = Array.from({ length: count }, (_, i) => bestWorth(queue, group(i)));
    let [now, best] = [worths.reduce((a, b) => a + b, 0), 0];
    const rounds = 8_000;
    for (let round = 0; round < rounds; round++) {
      const a = Math.floor(random.uniform() * 10 * count);
      const b = Math.floor(random.uniform() * order.length);
      const touched = [...new Set([Math.floor(a / 10), Math.floor(b / 10)])].filter((i) => i < count);
      [order[a], order[b]] = [order[b] as Entry, order[a] as Entry];
      const changed = touched.map((i) => bestWorth(queue, group(i)));
      const gain = changed.reduce(
        (sum, worth, i) => sum + worth - (worths[touched[i] as number] as number),
        0,
      );
      if (gain >= 0 || random.uniform() < Math.exp(gain / (0.01 * (1 - round / rounds)))) {
        touched.forEach((match, i) => (worths[match] = changed[i] as number));
        now += gain;
        best = Math.max(best, now);
      } else [order[a], order[b]] = [order[b] as Entry, order[a] as Entry];
    }
    return best;
  }

  it.each([
    [100, 288, 60],
    [67, 600, 45],
  ])(
    '%d players (deviation %d points, up to %d s): near the best of a long search',
    (count, deviation, longestWait) => {
      const entries = population(11, count, deviation, longestWait);
      const queue: QueueRules = { ...rules(2, 5), search: { steps: 20_000 } };
      const fast = propose({ now: NOW, queue: { ...queue, search: 'fast' }, entries, servers }).matches;
      const better = propose({ now: NOW, queue, entries, servers }).matches;
      const byId = new Map(entries.map((entry) => [entry.id, entry]));
      const start = better.flatMap(({ entryIds }) => entryIds.map((id) => byId.get(id) as Entry));
      const byStrength = entries.toSorted((a, b) => strengthOf(a) - strengthOf(b));
      const long = Math.max(longSearch(queue, entries, start, 1), longSearch(queue, entries, byStrength, 2));
      expect(total(better)).toBeGreaterThanOrEqual(total(fast));
      expect(total(better) / long).toBeGreaterThan(0.95);
    },
  );
});
