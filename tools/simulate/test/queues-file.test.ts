import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultQueue, readQueue, waitLimit } from '../src/queues-file.js';

const directory = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function file(text: string): string {
  const path = join(directory, `${files++}.yaml`);
  writeFileSync(path, text);
  return path;
}

test('reads the queues file that comes with the master', () => {
  const path = fileURLToPath(new URL('../../../apps/master/config/queues.yaml', import.meta.url));
  expect(readQueue(path).rules.name).toBe('duel');
  const { rules, rating } = readQueue(path, 'team');
  expect(rules).toMatchObject({ name: 'team', teams: 2, size: 3, window: { initial: 150, max: 1200 } });
  expect(rating.model.name).toBe('gaussian');
});

test('reads all that the matchmaker goes by, and passes over what is for the master', () => {
  const { rules, rating } = readQueue(
    file(`{"queues":[{"name":"q","teams":2,"size":2,"rating":{"model":"plackett-luce"},"host":1,"matchImportance":2,
      "window":{"initial":10,"max":500,"lastResortAfter":60},"searchSteps":50,"latency":{"good":40,"max":90},
      "parties":"only-against-parties","repeats":"allow","ranks":{"provisional":0.4}}]}`),
  );
  expect(rules).toEqual({
    name: 'q',
    teams: 2,
    size: 2,
    window: { initial: 10, perSecond: 10, max: 500, lastResortAfter: 60 },
    model: rating.model,
    search: { steps: 50 },
    latency: { good: 40, max: 90 },
    parties: 'only-against-parties',
    repeats: 'allow',
  });
  expect(rating).toMatchObject({ host: 1, matchImportance: 2 });
  expect(rating.model.name).toBe('plackett-luce');
  expect(waitLimit(rules)).toBe(60);
});

test('without a file there is a queue of duels', () => {
  expect(defaultQueue().rules).toMatchObject({ name: 'duel', teams: 2, size: 1 });
  expect(waitLimit(defaultQueue().rules)).toBe(180);
});

test.each([
  ['nothing', '', /expected an object with a list of queues/],
  ['a list', '[]', /expected an object with a list of queues/],
  ['no queues', '{"queues":[]}', /expected an object with a list of queues/],
  ['a queue that is a word', '{"queues":["duel"]}', /expected an object with a list of queues/],
  ['broken text', '{"queues":[', /is not valid YAML or JSON/],
  ['one team', '{"queues":[{"name":"a","teams":1,"size":1}]}', /queue\.teams/],
  ['no size', '{"queues":[{"name":"a","teams":2}]}', /queue\.size/],
  ['an unknown model', '{"queues":[{"name":"a","teams":2,"size":1,"rating":{"model":"elo"}}]}', /elo/],
])('%s is refused with a sentence', (_name, text, sentence) => {
  expect(() => readQueue(file(text))).toThrow(sentence);
});

test('a queue that is not in the file is refused with the names of those that are', () => {
  const path = file('{"queues":[{"name":"a","teams":2,"size":1}]}');
  expect(() => readQueue(path, 'b')).toThrow(/there is no queue 'b'; there are: a/);
});

test('a file that is missing is refused with a sentence', () => {
  expect(() => readQueue(join(directory, 'missing.yaml'))).toThrow(/missing\.yaml cannot be read/);
});
