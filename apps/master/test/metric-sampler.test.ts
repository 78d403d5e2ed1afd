import { afterAll, expect, test } from '@jest/globals';
import { metricSamples } from '@ranked/store';
import { MetricSampler } from '../src/metrics/metric-sampler.js';
import { ManualClock } from './support/manual-clock.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';

afterAll(stopTestMasters);

test('another master of the same name is told of in the log, once for each of its samples', async () => {
  const clock = new ManualClock();
  const master = await TestMaster.start({ RANKED_NODE_ID: 'one' }, { clock });
  const sampler = master.running.app.get(MetricSampler);
  const warnings = () =>
    master.log.records().filter(({ msg }) => String(msg).startsWith('another master runs under the name'));

  for (let n = 0; n < 2; n++) {
    clock.advance(10_000);
    await sampler.sample();
  }
  const [sample] = await master.store.read((tx) => metricSamples.after(tx, 0));
  if (sample === undefined) throw new Error('no sample was written');
  clock.advance(5_000);
  await master.store.write('elsewhere', (tx) => metricSamples.append(tx, 'two', sample.sample));
  await sampler.sample();
  expect(warnings()).toEqual([]);

  clock.advance(5_000);
  await master.store.write('elsewhere', (tx) => metricSamples.append(tx, 'one', sample.sample));
  await sampler.sample();
  expect(warnings()).toMatchObject([{ level: 'error', nodeId: 'one', writtenAt: clock.now() }]);

  clock.advance(10_000);
  await sampler.sample();
  expect(warnings()).toHaveLength(1);
});
