import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { settings, type Store } from '@ranked/store';
import { startPostgres, type PostgresCluster } from './support/postgres-cluster.js';
import { RankedPlace } from './support/ranked-place.js';
import { removeTempDirs } from './support/temp-dir.js';

let cluster: PostgresCluster;
beforeAll(async () => {
  cluster = await startPostgres();
}, 60_000);
afterAll(async () => {
  await cluster.stop();
  removeTempDirs();
});

describe.each(['sqlite', 'postgres'] as const)('ranked maintenance, on %s', (dialect) => {
  let place: RankedPlace;
  let store: Store;

  beforeAll(async () => {
    place = new RankedPlace(
      'queues:\n  - { name: duel, teams: 2, size: 1 }\n',
      dialect === 'postgres' ? await cluster.createDatabase('maintenance') : undefined,
    );
    store = await place.openStore();
  });
  afterAll(() => store.close());

  test('is switched on and off, and said', async () => {
    const run = async (...argv: string[]) => {
      const { code, out, err } = await place.run('maintenance', ...argv);
      return [code, out, err];
    };
    const closed = () => store.read((tx) => settings.maintenanceNotice(tx));
    expect(await run('status')).toEqual([0, 'open: players can join', '']);
    expect(await run('on')).toEqual([0, 'closed for maintenance', '']);
    expect(await closed()).toEqual({ on: true, message: null });
    expect(await run('on', '--message', 'Back at noon.')).toEqual([
      0,
      'closed for maintenance: Back at noon.',
      '',
    ]);
    expect(await closed()).toEqual({ on: true, message: 'Back at noon.' });
    expect(await run('status')).toEqual([0, 'closed for maintenance: Back at noon.', '']);
    expect(await run('off')).toEqual([0, 'open: players can join', '']);
    expect(await run('on')).toEqual([0, 'closed for maintenance', '']);
    expect(await run('off')).toEqual([0, 'open: players can join', '']);
    expect(await closed()).toEqual({ on: false, message: null });
  });

  test.each([
    ['nothing', [], /"maintenance " is nothing it can do; allowed are on, off and status/],
    ['another word', ['of'], /"maintenance of" is nothing/],
    ['a message with off', ['off', '--message', 'x'], /--message is given with "off"/],
    ['no message', ['on', '--message', ''], /--message is not one line of 1 to 500 characters/],
    ['two lines', ['on', '--message', 'a\nb'], /--message is not one line/],
    ['a message that moves the cursor', ['on', '--message', 'a\u001b[2Jb'], /--message is not one line/],
    ['a long message', ['on', '--message', 'ä'.repeat(501)], /--message is not one line/],
    ['an option it does not have', ['status', '--force'], /--force/],
  ])('refuses %s', async (_, argv, message) => {
    const answer = await place.run('maintenance', ...argv);
    expect(answer).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) });
    expect(await store.read((tx) => settings.maintenance(tx))).toBe(false);
  });
});
