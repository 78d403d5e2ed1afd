/**
 * How long `propose` takes on one core, the longest portion of `proposeInSteps`, and how that grows. Build first, then
 * `node libs/matchmaker/bench/propose.mjs`; `--growth` measures the growth alone. The plot goes to `bench-results/`.
 */
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

function measured(input, rounds) {
  let result;
  const times = Array.from({ length: rounds }, () => cpuOf(() => (result = propose(input))));
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
  const { times, result } = measured(input, count > 10_000 ? 9 : 25);
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

function growth() {
  const cases = [
    { name: '1 against 1', teams: 2, size: 1, share: 0 },
    { name: '5 against 5, 30 % in parties', teams: 2, size: 5, share: 0.3 },
  ];
  const series = cases.map(({ name, teams, size, share }) => {
    const points = [1_000, 10_000, 100_000, 1_000_000].map((count) => {
      const input = {
        now: NOW,
        queue: rules(teams, size),
        entries: population(count, { share, size }),
        servers,
      };
      const { times } = measured(input, count > 100_000 ? 3 : count > 10_000 ? 7 : 25);
      return [count, best(times), times];
    });
    points.forEach(([count, ms, times]) => {
      const perPlayer = (1e6 * ms) / (count * Math.log2(count));
      print({
        unit: 'ns',
        figure: `growth, ${name}, ${count.toLocaleString('en')}: time / (n log2 n)`,
        value: short(perPlayer),
        peer: `${short(ms)} ms; every round: ${times.map(short).join(', ')}`,
      });
    });
    return { name, points };
  });
  const directory = fileURLToPath(new URL('../../../bench-results/', import.meta.url));
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}matchmaker-growth.svg`, growthPlot(series));
}

const latency = { good: 50, max: 120 };
if (!process.argv.includes('--growth')) {
  report({ teams: 2, size: 1, count: 1_000 });
  report({ teams: 2, size: 1, count: 10_000, atMost: 15 });
  report({ teams: 2, size: 1, count: 100_000, atMost: 150 });
  report({
    teams: 2,
    size: 1,
    count: 10_000,
    wishful: true,
    more: { latency },
    what: ', latencies and blocks',
  });
  report({
    teams: 2,
    size: 1,
    count: 100_000,
    wishful: true,
    more: { latency },
    what: ', latencies and blocks',
  });
  report({
    teams: 2,
    size: 1,
    count: 10_000,
    more: { search: { steps: 100_000 } },
    what: ', 100,000 steps better',
  });
  report({ teams: 2, size: 5, count: 10_000, share: 0.3 });
  report({ teams: 2, size: 5, count: 100_000, share: 0.3, atMost: 400 });
  report({
    teams: 2,
    size: 5,
    count: 10_000,
    share: 0.3,
    more: { search: { steps: 20_000 } },
    what: ', 20,000 steps better',
  });
  report({ teams: 8, size: 1, count: 10_000 });
  report({ teams: 2, size: 50, count: 10_000 });
}
growth();
