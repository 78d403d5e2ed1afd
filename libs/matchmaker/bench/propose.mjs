/**
 * How long `propose` takes on one core, and the longest portion of `proposeInSteps`. Build first, then
 * `node libs/matchmaker/bench/propose.mjs`.
 */
import { gaussian } from '@ranked/rating';
import { propose, proposeInSteps } from '../dist/index.js';

/** mulberry32: small, seeded, good enough for a population. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function population(players, partyShare, size) {
  const next = random(players);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const hex = (n) =>
    Math.floor(n * 4294967296)
      .toString(16)
      .padStart(8, '0');
  const entries = [];
  for (let left = players; left > 0;) {
    const party = next() < partyShare ? 1 + Math.floor(next() * Math.min(size, left)) : 1;
    left -= party;
    const mu = 25 + 6 * normal();
    entries.push({
      id: hex(next()) + hex(next()),
      joinedAt: 1_000_000 - Math.floor(next() * 60_000),
      players: Array.from({ length: party }, () => ({
        id: hex(next()) + hex(next()),
        rating: { mu: mu + normal(), sigma: 1 + 5 * next() },
      })),
    });
  }
  return entries;
}

const servers = Array.from({ length: 500 }, (_, i) => ({ id: `s${i}`, region: 'eu', free: 200 }));
const rules = (teams, size) => ({
  name: `${teams}x${size}`,
  teams,
  size,
  window: { initial: 50, perSecond: 5, max: 400 },
  model: gaussian(),
});
/** The best says what the work costs; the median, on a machine that does other work too, what it took. */
const best = (values) => Math.min(...values);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const short = (value) => Number(value.toPrecision(3));
for (const [teams, size, share, counts] of [
  [2, 1, 0, [1_000, 10_000, 100_000]],
  [2, 5, 0, [1_000, 10_000, 100_000]],
  [2, 5, 0.3, [1_000, 10_000, 100_000]],
  [8, 1, 0, [10_000]],
  [2, 50, 0, [10_000]],
]) {
  for (const count of counts) {
    const input = {
      now: 1_000_000,
      queue: rules(teams, size),
      entries: population(count, share, size),
      servers,
    };
    const times = [];
    let result;
    for (let i = 0; i < (count > 10_000 ? 9 : 25); i++) {
      const start = performance.now();
      result = propose(input);
      times.push(performance.now() - start);
    }
    const worst = [];
    for (let i = 0; i < 9; i++) {
      const steps = proposeInSteps(input);
      let longest = 0;
      for (let done = false; !done;) {
        const start = performance.now();
        done = steps.next().done;
        longest = Math.max(longest, performance.now() - start);
      }
      worst.push(longest);
    }
    const matched = (100 * result.matches.length * teams * size) / count;
    const who = `${count.toLocaleString('en')} players, ${teams}×${size}${share > 0 ? `, ${share * 100} % in parties` : ''}`;
    const print = (rest) => console.log(JSON.stringify({ unit: 'ms', ...rest }));
    print({
      figure: `${who}: proposed, ${matched.toFixed(1)} % matched`,
      value: short(median(times)),
      raw: times.map(short),
      peer: `the best round ${best(times).toFixed(2)} ms`,
      // One core of a shared machine: the bound is for the size that the service is built for.
      ...(count === 10_000 && teams === 2 && size === 1 && { atMost: 20 }),
    });
    print({ figure: `${who}: longest step`, value: short(median(worst)), raw: worst.map(short) });
  }
}
