import type { Entry } from '@ranked/matchmaker';
import { firstComePolicy } from '../src/first-come-policy.js';
import { ownPolicy, type Policy, type ProposedMatch } from '../src/policy.js';
import { createPopulation } from '../src/population.js';
import { defaultQueue, type SimulatedQueue } from '../src/queues-file.js';
import { regionNames } from '../src/regions.js';
import { DEFAULT_SCENARIO, type Scenario } from '../src/scenario.js';
import { Simulation } from '../src/simulation.js';

const small: Scenario = { ...DEFAULT_SCENARIO, hours: 2, sessions: 300, players: 600 };
const duel = defaultQueue();
const squads: SimulatedQueue = { ...duel, rules: { ...duel.rules, teams: 2, size: 3 } };

const ours = (queue: SimulatedQueue, scenario = small) =>
  ownPolicy(queue.rules, regionNames(scenario.regions));
const run = (scenario: Scenario, queue: SimulatedQueue, policy = ours(queue, scenario)) =>
  new Simulation(scenario, queue, policy).run();

/** Looks over a policy's shoulder. */
function watched(
  policy: Policy,
  see: (entries: readonly Entry[], matches: readonly ProposedMatch[]) => void,
): Policy {
  return {
    name: policy.name,
    match: (now, entries) => {
      const matches = policy.match(now, entries);
      see(entries, matches);
      return matches;
    },
  };
}

test('the same seed gives the same run, another seed another', () => {
  const short: Scenario = { ...small, hours: 0.5 };
  const [first, again] = [run(short, squads), run(short, squads)];
  expect(first.matches.length).toBeGreaterThan(10);
  expect(again.summary()).toEqual(first.summary());
  expect(again.matches).toEqual(first.matches);
  expect(run({ ...short, seed: 2 }, squads).summary()).not.toEqual(first.summary());
});

test.each<[string, SimulatedQueue]>([
  ['duels', duel],
  ['squads with parties', squads],
])(
  '%s: nobody waits twice or waits and plays, and those who wait come in the order of waiting',
  (_name, queue) => {
    const { size } = queue.rules;
    let parties = 0;
    let looks = 0;
    // An `expect` for every entry of every look would take longer than the run itself.
    const faults = new Set<string>();
    run(
      small,
      queue,
      watched(ours(queue), (entries) => {
        looks++;
        const players = entries.flatMap((entry) => entry.players.map(({ id }) => id));
        if (new Set(players).size < players.length) faults.add('somebody waits twice');
        for (const { players: members } of entries) {
          if (members.length > size) faults.add('a party is larger than a team');
          if (members.length > 1) parties++;
        }
        if (entries.some(({ joinedAt }, i) => joinedAt < (entries[i - 1]?.joinedAt ?? joinedAt)))
          faults.add('the order is not that of waiting');
      }),
    );
    expect([...faults]).toEqual([]);
    expect(looks).toBeGreaterThan(100);
    expect(parties > 0).toBe(size > 1);
  },
);

test('every policy meets the same people, first at the same times', () => {
  const firstEntries = (policy: Policy) => {
    let seen: readonly Entry[] = [];
    run(
      small,
      duel,
      watched(policy, (entries) => {
        if (seen.length === 0) seen = entries;
      }),
    );
    return seen;
  };
  const nobody: Policy = { name: 'nobody', match: () => [] };
  expect(firstEntries(ours(duel))).toEqual(firstEntries(nobody));
});

test('who is never matched gives up, half of them within the patience of the scenario', () => {
  const { joins, matches, unmatched, wait, beyondLimit } = run({ ...small, patience: 60 }, duel, {
    name: 'nobody',
    match: () => [],
  }).summary();
  expect({ matches, unmatched }).toEqual({ matches: 0, unmatched: 1 });
  expect(joins).toBeGreaterThan(200);
  expect(Math.abs(wait.median / 60 - 1)).toBeLessThan(0.2);
  // A log-normal patience of deviation 0.6: 3.3 % are more than three times as patient as the median.
  expect(beyondLimit).toBeGreaterThan(0.01);
  expect(beyondLimit).toBeLessThan(0.07);
});

test('ratings come nearer to hidden strengths as games are played', () => {
  const scenario: Scenario = { ...small, hours: 10, players: 150, newcomers: 1 };
  const { model } = duel.rating;
  const people = createPopulation(scenario, model);
  const atStart =
    model.pointsPerUnit *
    Math.sqrt(
      people.reduce((sum, { strength }) => sum + (strength - model.initial().mu) ** 2, 0) / people.length,
    );
  expect(atStart).toBeGreaterThan(250);
  expect(run(scenario, duel).ratingError).toBeLessThan(0.5 * atStart);
});

test.each(['normal', 'skewed', 'two-groups'] as const)(
  '%s strengths have the deviation that was asked for',
  (strength) => {
    const scenario: Scenario = { ...small, players: 20_000, strength };
    const { model } = duel.rating;
    const points = createPopulation(scenario, model).map(
      (player) => model.pointsPerUnit * (player.strength - model.initial().mu),
    );
    const mean = points.reduce((sum, value) => sum + value, 0) / points.length;
    const deviation = Math.sqrt(points.reduce((sum, value) => sum + (value - mean) ** 2, 0) / points.length);
    expect(Math.abs(mean)).toBeLessThan(10);
    expect(Math.abs(deviation / 300 - 1)).toBeLessThan(0.03);
  },
);

test('more people come in the evening than in the morning', () => {
  const joins = (startHour: number) =>
    run({ ...small, regions: 1, hours: 3, startHour }, duel).summary().joins;
  expect(joins(18)).toBeGreaterThan(3 * joins(6));
});

test('no match is played beyond the latency that the queue allows, by any policy', () => {
  const scenario: Scenario = { ...small, regions: 4 };
  const regions = regionNames(4);
  const max = duel.rules.latency?.max ?? 0;
  for (const policy of [ours(duel, scenario), firstComePolicy(duel.rules, regions, Infinity, 'first-come')]) {
    const { matches } = run(scenario, duel, policy);
    expect(matches.length).toBeGreaterThan(50);
    for (const { latency } of matches) expect(latency).toBeLessThanOrEqual(max);
  }
});
