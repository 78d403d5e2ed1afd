/**
 * How long `propose` takes on one core, the longest portion of `proposeInSteps`, and how that grows, beside the growth of a plain sort of
 * the same entries, which is n log n by the book: where that climbs too, it is memory. Every case has a process of its own: the engine
 * learns from short searches that their matches are soon gone, and a long queue is searched by a thread that sees no short ones. Build first, then
 * `node libs/matchmaker/bench/propose.mjs`; `--growth` measures the growth alone. The plot goes to `bench-results/`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gaussian } from '@ranked/rating';
import { propose, proposeInSteps } from '../dist/index.js';
import { growthPlot } from './growth-plot.mjs';
import { NOW, population } from './population.mjs';

const servers = Array.from({ length: 500 }, (_, i) => ({
  id: `s${i}`,
  region: ['as', 'eu', 'us'][i % 3],
  free: 2000,
}));
const rules = (teams, size, more = {}) => ({
  name: `${teams}x${size}`,
  teams,
  size,
  window: { initial: 50, perSecond: 5, max: 400 },
  model: gaussian(),
  ...more,
});
const best = (values) => Math.min(...values);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const short = (value) => Number(value.toPrecision(3));
const print = (rest) => console.log(JSON.stringify({ unit: 'ms', ...rest }));

/** Milliseconds of the process' CPU time: on a machine that does other work too, what the clock says is not ours. */
function cpuOf(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function timed(work, rounds) {
  let result;
  const times = Array.from({ length: rounds }, () => cpuOf(() => (result = work())));
  return { times, result };
}

/** The longest step of each round. */
function longestSteps(input, rounds) {
  return Array.from({ length: rounds }, () => {
    const steps = proposeInSteps(input);
    let longest = 0;
    for (let done = false; !done;) {
      longest = Math.max(
        longest,
        cpuOf(() => (done = steps.next().done)),
      );
    }
    return longest;
  });
}

function report({ teams, size, count, share = 0, wishful = false, more = {}, atMost, what = '' }) {
  const queue = rules(teams, size, more);
  const input = { now: NOW, queue, entries: population(count, { share, size, wishful }), servers };
  const { times, result } = timed(() => propose(input), count > 10_000 ? 15 : 25);
  const worst = longestSteps(input, 5);
  const matched = (100 * result.matches.length * teams * size) / count;
  const parties = share > 0 ? `, ${share * 100} % in parties` : '';
  const who = `${count.toLocaleString('en')} players, ${teams}×${size}${parties}${what}`;
  print({
    figure: `${who}: CPU of the best round, ${matched.toFixed(1)} % matched`,
    value: short(best(times)),
    raw: times.map(short),
    peer: `the median round ${median(times).toFixed(1)} ms`,
    ...(atMost !== undefined && { atMost }),
  });
  print({ figure: `${who}: longest step`, value: short(best(worst)), raw: worst.map(short) });
}

const byStrength = (a, b) => a.players[0].rating.mu - b.players[0].rating.mu;
const duel = { teams: 2, size: 1 };
const parties = { teams: 2, size: 5, share: 0.3 };
const growing = [
  { name: '1 against 1', ...duel },
  { name: '5 against 5, 30 % in parties', ...parties },
  { name: 'for comparison: a plain sort by strength', ...duel, sorted: true },
];
const COUNTS = [1_000, 10_000, 100_000, 1_000_000];

/** Times of every round. */
function growthPoint({ teams, size, share, sorted = false }, count) {
  const entries = population(count, { share, size });
  const input = { now: NOW, queue: rules(teams, size), entries, servers };
  const work = sorted ? () => entries.toSorted(byStrength) : () => propose(input);
  return timed(work, count > 100_000 ? 5 : count > 10_000 ? 15 : 25).times;
}

function growth() {
  const series = growing.map(({ name }, which) => {
    const points = COUNTS.map((count, place) => {
      const times = JSON.parse(ownProcess('--point', which, place));
      print({
        unit: 'ns',
        figure: `growth, ${name}, ${count.toLocaleString('en')}: time / (n log2 n)`,
        value: short((1e6 * best(times)) / (count * Math.log2(count))),
        peer: `${short(best(times))} ms; every round: ${times.map(short).join(', ')}`,
      });
      return [count, best(times)];
    });
    return { name, points };
  });
  const directory = fileURLToPath(new URL('../../../bench-results/', import.meta.url));
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}matchmaker-growth.svg`, growthPlot(series));
}

const wishes = { wishful: true, more: { latency: { good: 50, max: 120 } }, what: ', latencies and blocks' };
const reported = [
  { ...duel, count: 1_000 },
  { ...duel, count: 10_000, atMost: 15 },
  { ...duel, count: 100_000, atMost: 150 },
  { ...duel, count: 10_000, ...wishes },
  { ...duel, count: 100_000, ...wishes },
  { ...duel, count: 10_000, more: { search: { steps: 100_000 } }, what: ', 100,000 steps better' },
  { ...parties, count: 10_000 },
  { ...parties, count: 100_000, atMost: 400 },
  { ...parties, count: 10_000, more: { search: { steps: 20_000 } }, what: ', 20,000 steps better' },
  { teams: 8, size: 1, count: 10_000 },
  { teams: 2, size: 50, count: 10_000 },
];

/** What this program prints when it is asked for one case. */
function ownProcess(...which) {
  const file = fileURLToPath(import.meta.url);
  return execFileSync(process.execPath, [file, ...which.map(String)], { encoding: 'utf8' });
}

const [option, which, place] = process.argv.slice(2);
if (option === '--case') report(reported[which]);
else if (option === '--point') console.log(JSON.stringify(growthPoint(growing[which], COUNTS[place])));
else {
  if (option !== '--growth') reported.forEach((_, i) => process.stdout.write(ownProcess('--case', i)));
  growth();
}
