/**
 * Updates and predictions per second through the public API, one core. Build first, then
 * `node libs/rating/bench/rate.mjs`. Medians of several rounds.
 */
import { gaussian } from '../dist/index.js';

/** mulberry32: small, seeded. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(1);
const model = gaussian();
const rating = () => ({ mu: 15 + 20 * next(), sigma: 1 + 7 * next() });
const matches = (teams, size, ties) =>
  Array.from({ length: 2000 }, () => ({
    teams: Array.from({ length: teams }, () => Array.from({ length: size }, rating)),
    ranks: Array.from({ length: teams }, (_, i) => (ties ? 0 : i)),
  }));

function perSecond(list, work) {
  const rounds = [];
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    for (const match of list) work(match);
    rounds.push((1000 * list.length) / (performance.now() - start));
  }
  return rounds;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const [name, list] of [
  ['1v1', matches(2, 1, false)],
  ['1v1 draws', matches(2, 1, true)],
  ['5v5', matches(2, 5, false)],
  ['8 single players', matches(8, 1, false)],
]) {
  const print = (what, raw) => {
    const value = Math.round(median(raw));
    console.log(JSON.stringify({ figure: `${name}: ${what}`, value, unit: '/s', raw: raw.map(Math.round) }));
  };
  print(
    'updates',
    perSecond(list, (match) => model.rate(match)),
  );
  if (list[0].teams.length === 2)
    print(
      'predictions',
      perSecond(list, (match) => model.predict(match.teams)),
    );
  print(
    'qualities',
    perSecond(list, (match) => model.quality(match.teams)),
  );
}
