import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { gaussian, ratingModel } from '@ranked/rating';
import { ConfigError } from '../src/config/config-error.js';
import { loadConfig } from '../src/config/load-config.js';
import { loadQueues } from '../src/config/load-queues.js';
import { matchmakingRules } from '../src/config/matchmaking-rules.js';
import { QueueModels } from '../src/config/queue-models.js';
import { removeTempDirs, tempDir } from './support/temp-dir.js';

afterAll(removeTempDirs);

function queuesFile(text: string): string {
  const path = join(tempDir(), 'queues.yaml');
  writeFileSync(path, text);
  return path;
}

/** What is said against a queues file, without the words about which file it is. */
function faultsOf(text: string): string[] {
  const path = queuesFile(text);
  try {
    loadQueues(path);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map((fault) => fault.replace(`The queues file ${path}`, '').replace(/^: /, ''));
    throw error;
  }
  throw new Error('the queues were taken');
}

const queue = (members: Record<string, unknown>) =>
  JSON.stringify({ queues: [{ name: 'duel', teams: 2, size: 1, ...members }] });

describe('a queues file', () => {
  test('may be YAML; what is left out has its default', () => {
    const [duel] = loadQueues(queuesFile('queues:\n  - { name: duel, teams: 2, size: 1 }\n'));
    expect(duel).toEqual({
      name: 'duel',
      teams: 2,
      size: 1,
      rating: { model: 'gaussian', ...gaussian().parameters },
      window: { initial: 100, perSecond: 10, max: 1000, lastResortAfter: 180 },
      ranks: { provisional: 0.5 },
    });
  });

  test('may ask players whether they are ready', () => {
    const [duel] = loadQueues(queuesFile(queue({ readyCheck: { seconds: 20 } })));
    expect(duel?.readyCheck).toEqual({ seconds: 20 });
    expect(loadQueues(queuesFile(queue({})))[0]).not.toHaveProperty('readyCheck');
  });

  test('may be JSON', () => {
    const [duel] = loadQueues(
      queuesFile(queue({ size: 5, window: { initial: 1, perSecond: 2, max: 3, lastResortAfter: 4 } })),
    );
    expect(duel).toMatchObject({ size: 5, window: { initial: 1, perSecond: 2, max: 3, lastResortAfter: 4 } });
  });

  test('the rules of the matchmaker are taken as they are', () => {
    const rules = {
      size: 5,
      window: { initial: 50, perSecond: 5, max: 500, lastResortAfter: 90, curve: [[30, 200]] },
      searchSteps: 20_000,
      latency: { good: 50, max: 120 },
      roles: { tank: 1, healer: 2 },
      parties: 'against-parties-first',
      repeats: 'allow',
    };
    const [config] = loadQueues(queuesFile(queue(rules)));
    expect(config).toMatchObject(rules);
    const { searchSteps, ...others } = rules;
    const model = gaussian();
    expect(config && matchmakingRules(config, model)).toEqual({
      name: 'duel',
      teams: 2,
      ...others,
      search: { steps: searchSteps },
      model,
    });
  });

  test.each<[string, object, string | RegExp]>([
    [
      'a latency that nobody has',
      { latency: { good: 50, max: 10_001 } },
      'queues[0].latency.max is 10001; allowed is a number of milliseconds from 0 to 10000.',
    ],
    ['half a latency rule', { latency: { good: 50 } }, /^queues\[0\]\.latency\.max is missing; allowed/],
    [
      'latencies the wrong way round',
      { latency: { good: 50, max: 40 } },
      /queue\.latency\.max: must not be below/,
    ],
    ['a latency that is a number', { latency: 50 }, /^queues\[0\]\.latency is 50; allowed is/],
    ['more roles than places', { roles: { tank: 2 } }, /queue\.roles/],
    ['a role for half a player', { roles: { tank: 0.5 } }, /queue\.roles/],
    ['roles as a list', { roles: ['tank'] }, /^queues\[0\]\.roles is a list of 1; allowed is/],
    [
      'a rule for parties that is none',
      { parties: 'never' },
      'queues[0].parties is "never"; allowed is one of mixed, against-parties-first, only-against-parties.',
    ],
    [
      'a rule for repeats that is none',
      { repeats: true },
      'queues[0].repeats is true; allowed is avoid or allow.',
    ],
    [
      'half a step',
      { searchSteps: 0.5 },
      'queues[0].searchSteps is 0.5; allowed is a whole number from 0 to 10000000.',
    ],
    [
      'a window that narrows',
      { window: { curve: [[10, 50]] } },
      /queue\.window\.curve\[0\]\[1\]: expected a finite number of at least 100/,
    ],
    [
      'a curve that is no list',
      { window: { curve: 7 } },
      'queues[0].window.curve is 7; allowed is a list of [seconds, points].',
    ],
  ])('with %s is refused', (_name, members, fault) => {
    const [first] = faultsOf(queue({ ...members }));
    if (typeof fault === 'string') expect(first).toBe(fault);
    else expect(first).toMatch(fault);
  });

  test('its rating parameters reach the model', () => {
    const config = loadConfig({
      RANKED_QUEUES_FILE: queuesFile(queue({ rating: { mu: 30, drawProbability: 0 } })),
    });
    const model = new QueueModels(config).of('duel')?.model;
    expect(model?.parameters).toMatchObject({ mu: 30, drawProbability: 0 });
    expect(model?.initial().mu).toBe(30);
    expect(new QueueModels(config).of('other')).toBeUndefined();
  });

  test.each(['gaussian', 'glicko2', 'plackett-luce', 'bradley-terry', 'thurstone-mosteller'])(
    'may name the rating model %s; it comes out complete',
    (model) => {
      const [duel] = loadQueues(queuesFile(queue({ rating: { model } })));
      expect(duel?.rating).toEqual({ model, ...ratingModel({ model }).parameters });
      expect(ratingModel(duel?.rating).name).toBe(model);
    },
  );

  test('may say who has the better side, how much a match counts, and its tiers', () => {
    const ranks = {
      provisional: 0.3,
      tiers: [
        { name: 'Wood', from: 0 },
        { name: 'Iron', from: 1800 },
      ],
    };
    const path = queuesFile(queue({ host: 1, matchImportance: 0.5, ranks }));
    expect(loadQueues(path)[0]).toMatchObject({ host: 1, matchImportance: 0.5, ranks });
    const standing = new QueueModels(loadConfig({ RANKED_QUEUES_FILE: path })).standing('duel');
    expect(standing?.provisionalShare).toBe(0.3);
    expect(standing?.tiers.tiers).toEqual(ranks.tiers);
  });

  test('without tiers, it has those of its model', () => {
    const models = new QueueModels(loadConfig({ RANKED_QUEUES_FILE: queuesFile(queue({})) }));
    expect(models.standing('duel')?.tiers.tiers.map(({ name }) => name)).toContain('Gold');
    expect(models.standing('other')).toBeUndefined();
  });

  test.each<[string, string, string | RegExp]>([
    ['teams of one', queue({ teams: 1 }), 'queues[0].teams is 1; allowed is a whole number from 2 to 64.'],
    ['half a team', queue({ teams: 2.5 }), 'queues[0].teams is 2.5; allowed is a whole number from 2 to 64.'],
    [
      'teams as text',
      queue({ teams: '2' }),
      'queues[0].teams is "2"; allowed is a whole number from 2 to 64.',
    ],
    [
      'no size',
      '{"queues":[{"name":"duel","teams":2}]}',
      'queues[0].size is missing; allowed is a whole number from 1 to 100.',
    ],
    ['a name with a space', queue({ name: 'a b' }), /^queues\[0\]\.name is "a b"; allowed is 1 to 64 of/],
    ['a member nobody knows', queue({ colour: 'red' }), 'queues[0].colour is not a known member; remove it.'],
    [
      'a window member nobody knows',
      queue({ window: { grow: 1 } }),
      'queues[0].window.grow is not a known member; remove it.',
    ],
    [
      'a negative window',
      queue({ window: { initial: -1 } }),
      'queues[0].window.initial is -1; allowed is a number from 0 to 100000.',
    ],
    ['a window as a number', queue({ window: 5 }), /^queues\[0\]\.window is 5; allowed is an object/],
    [
      'a window that begins above its end',
      queue({ window: { initial: 200, max: 100 } }),
      'queue "duel": window.initial is 200; allowed is at most window.max, 100.',
    ],
    [
      'a ready check of no time',
      queue({ readyCheck: { seconds: 0 } }),
      'queues[0].readyCheck.seconds is 0; allowed is a whole number of seconds from 3 to 300.',
    ],
    [
      'a ready check without its time',
      queue({ readyCheck: {} }),
      'queues[0].readyCheck.seconds is missing; allowed is a whole number of seconds from 3 to 300.',
    ],
    [
      'a ready check as a number',
      queue({ readyCheck: 20 }),
      /^queues\[0\]\.readyCheck is 20; allowed is an object/,
    ],
    [
      'a ready check member nobody knows',
      queue({ readyCheck: { seconds: 20, retries: 1 } }),
      'queues[0].readyCheck.retries is not a known member; remove it.',
    ],
    ['a rating member nobody knows', queue({ rating: { kappa: 1 } }), /^queue "duel": .*kappa/],
    ['a rating parameter out of range', queue({ rating: { beta: -1 } }), /^queue "duel": .*beta/],
    ['another rating model', queue({ rating: { model: 'elo' } }), /^queue "duel": .*model/],
    [
      'a host that is no team',
      queue({ host: 2 }),
      'queue "duel": host is 2; allowed is the index of a team, 0 to 1.',
    ],
    ['half a host', queue({ host: 0.5 }), 'queues[0].host is 0.5; allowed is the index of a team, from 0.'],
    [
      'a negative importance',
      queue({ matchImportance: -1 }),
      'queues[0].matchImportance is -1; allowed is a number from 0 to 100.',
    ],
    [
      'nobody provisional ever',
      queue({ ranks: { provisional: 0 } }),
      'queues[0].ranks.provisional is 0; allowed is a number from 0.01 to 1.',
    ],
    [
      'tiers that descend',
      queue({
        ranks: {
          tiers: [
            { name: 'a', from: 2 },
            { name: 'b', from: 1 },
          ],
        },
      }),
      /^queue "duel": tiers\[1\]\.from: must be above 2/,
    ],
    [
      'a tier without a number',
      queue({ ranks: { tiers: [{ name: 'a' }] } }),
      /^queues\[0\]\.ranks\.tiers\[0\]\.from is missing; allowed is a number of points/,
    ],
    [
      'a margin without tiers',
      queue({ ranks: { tierMargin: 5 } }),
      'queue "duel": ranks.tierMargin is given; allowed is it together with ranks.tiers.',
    ],
    [
      'a margin as high as a tier',
      queue({
        ranks: { tierMargin: 9, tiers: [0, 10, 19].map((from) => ({ name: `t${from}`, from })) },
      }),
      /^queue "duel": margin: must be less than the 9 points of "t10"/,
    ],
    ['no queues', '{"queues":[]}', 'queues is a list of 0; allowed is a list of at least one queue.'],
    ['queues of another kind', '{"queues":{"duel":{}}}', /^queues is \{"duel":\{\}\}; allowed is/],
    [
      'a member beside queues',
      '{"queues":[{"name":"a","teams":2,"size":1}],"x":1}',
      'x is not a known member; remove it.',
    ],
    ['a list', '[]', ' is no object; allowed is an object with the one member "queues".'],
    ['nothing', '', ' is no object; allowed is an object with the one member "queues".'],
    ['no YAML', 'queues: [', /^ is not valid YAML or JSON: /],
    ['a key twice', 'queues: []\nqueues: []\n', /^ is not valid YAML or JSON: /],
    ['an alias bomb', 'a: &a [1]\nqueues: [*a, *a]\n', /^ is not valid YAML or JSON: /],
    ['an entry that is no object', '{"queues":[5]}', /^queues\[0\] is 5; allowed is an object\.$/],
  ])('is refused: %s', (_name, text, sentence) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  });

  test('is refused: two queues of one name', () => {
    const entry = { name: 'duel', teams: 2, size: 1 };
    expect(faultsOf(JSON.stringify({ queues: [entry, { ...entry, size: 2 }] }))).toEqual([
      'the name "duel" is given to several queues; allowed is one queue of each name.',
    ]);
  });

  test('is refused: not there; the setting is named', () => {
    expect(() => loadConfig({ RANKED_QUEUES_FILE: '/nowhere/queues.yaml' })).toThrow(
      /^The queues file \/nowhere\/queues\.yaml cannot be read \(ENOENT.*RANKED_QUEUES_FILE must name/,
    );
  });

  test('"__proto__" pollutes nothing', () => {
    try {
      loadQueues(
        queuesFile(
          '{"queues":[{"name":"duel","teams":2,"size":1,"__proto__":{"polluted":true}}],"__proto__":{"polluted":true}}',
        ),
      );
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
