import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Environment } from '../src/config/load-config.js';
import { startBanner } from '../src/lifecycle/start-banner.js';
import { explainStartError } from '../src/lifecycle/start-error.js';
import { createLogger } from '../src/logging/logger.js';
import { startMaster } from '../src/start-master.js';
import { LogSink } from './support/log-sink.js';
import { tempDir } from './support/temp-dir.js';
import { stopTestMasters, testConfig, TestMaster } from './support/test-master.js';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(stopTestMasters);

/** A port that another program uses. */
function usedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () =>
      resolve((server.address() as AddressInfo).port),
    );
    servers.push(server);
  });
}

/** The sentences with which a start fails. */
async function refusalOf(env: Environment): Promise<string[]> {
  const config = testConfig(env);
  try {
    const master = await startMaster(config, { log: createLogger('silent', {}, new LogSink()) });
    await master.drain();
  } catch (error) {
    return explainStartError(error, config);
  }
  throw new Error('the master started');
}

describe('the first start', () => {
  test('makes the data directory, the keys and the database, for their owner alone', async () => {
    const dataDir = join(tempDir(), 'new', 'data');
    const { running } = await TestMaster.start({ RANKED_DATA: dataDir });
    const mode = (name: string) => (statSync(join(dataDir, name)).mode & 0o777).toString(8);
    expect([mode('.'), mode('master.key'), mode('database.key'), mode('ranked.sqlite')]).toEqual([
      '700',
      '600',
      '600',
      '600',
    ]);
    expect(running).toMatchObject({
      firstStart: true,
      masterKeyPath: join(dataDir, 'master.key'),
      databaseKeyPath: join(dataDir, 'database.key'),
    });
  });

  test('says where it listens and where the keys lie', async () => {
    const { running, config } = await TestMaster.start();
    const text = startBanner(config, running).join('\n');
    for (const fact of [
      `http://127.0.0.1:${running.http.port}`,
      `127.0.0.1:${running.s2s.port}`,
      `127.0.0.1:${running.rdv.port}`,
      running.masterKeyPath,
      running.masterPublicKey,
      'duel (1v1), team (3v3)',
      'First start',
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).not.toContain(readFileSync(running.masterKeyPath, 'utf8').trim().slice(-64));
    expect(new Set([running.http.port, running.s2s.port, running.rdv.port, 0]).size).toBe(4);
  });

  test('is only the first: the next start uses what is there', async () => {
    const dataDir = join(tempDir(), 'data');
    const first = await TestMaster.start({ RANKED_DATA: dataDir });
    const { token } = await first.player('ada');
    await first.running.drain();
    const second = await TestMaster.start({ RANKED_DATA: dataDir });
    expect(second.running).toMatchObject({
      firstStart: false,
      masterPublicKey: first.running.masterPublicKey,
    });
    expect((await second.get('/v1/me', { token })).body).toMatchObject({ username: 'ada' });
  });

  test('takes keys from the settings where they are given', async () => {
    const key = join(tempDir(), 'key');
    const masterKey = join(tempDir(), 'master.key');
    writeFileSync(key, `${'ab'.repeat(32)}\n`);
    writeFileSync(masterKey, `ranked-master-key-1:${'cd'.repeat(32)}\n`, { mode: 0o600 });
    const { running, config } = await TestMaster.start({
      RANKED_DATABASE_KEY_FILE: key,
      RANKED_MASTER_KEY_FILE: masterKey,
    });
    expect(running).toMatchObject({ masterKeyPath: masterKey, databaseKeyPath: null, firstStart: false });
    expect(
      existsSync(join(config.dataDir, 'master.key')) || existsSync(join(config.dataDir, 'database.key')),
    ).toBe(false);
    expect(startBanner(config, running).join('\n')).toMatch(/database key +from the settings/);
  });
});

describe('a start that fails says what to do next', () => {
  test.each(['HTTP', 'S2S', 'RDV'])('the port of %s is in use', async (name) => {
    const port = await usedPort();
    expect(await refusalOf({ [`RANKED_${name}_PORT`]: String(port) })).toEqual([
      `Port ${port} on 127.0.0.1 is in use by another program. Stop that program, or set RANKED_${name}_PORT to another port.`,
    ]);
  });

  test('an address that this machine does not have', async () => {
    expect(await refusalOf({ RANKED_HTTP_HOST: '192.0.2.1' })).toEqual([
      'This machine has no address "192.0.2.1". Set RANKED_HTTP_HOST to an address of this machine.',
    ]);
  });

  test('another database key than the database was written under', async () => {
    const dataDir = join(tempDir(), 'data');
    await (await TestMaster.start({ RANKED_DATA: dataDir })).running.drain();
    const sentences = await refusalOf({ RANKED_DATA: dataDir, RANKED_DATABASE_KEY: 'ab'.repeat(32) });
    expect(sentences).toEqual([
      expect.stringMatching(/^The database was written under another database key\. Put the right key back/),
    ]);
    expect(sentences.join('')).not.toContain('abab');
  });

  test('another master key than that of the database', async () => {
    const dataDir = join(tempDir(), 'data');
    await (await TestMaster.start({ RANKED_DATA: dataDir })).running.drain();
    const other = join(tempDir(), 'other.key');
    writeFileSync(other, `ranked-master-key-1:${'cd'.repeat(32)}\n`, { mode: 0o600 });
    const sentences = await refusalOf({ RANKED_DATA: dataDir, RANKED_MASTER_KEY_FILE: other });
    expect(sentences).toEqual([
      expect.stringMatching(
        /^The master key in .*other\.key has the id [0-9a-f]{32}, but .*"certtool rotate-master"/,
      ),
    ]);
    expect(sentences.join('')).not.toContain('cdcd');
  });

  test('a master key that others may read', async () => {
    const dataDir = join(tempDir(), 'data');
    await (await TestMaster.start({ RANKED_DATA: dataDir })).running.drain();
    chmodSync(join(dataDir, 'master.key'), 0o644);
    expect(await refusalOf({ RANKED_DATA: dataDir })).toEqual([
      expect.stringMatching(/master\.key holds a secret, and its mode 0644 .*chmod 600/),
    ]);
  });

  test('a master key file with other contents', async () => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'master.key'), 'hunter2\n', { mode: 0o600 });
    const sentences = await refusalOf({ RANKED_DATA: dataDir });
    expect(sentences).toEqual([expect.stringMatching(/master\.key is not a master key: one line/)]);
    expect(sentences.join('')).not.toContain('hunter2');
  });

  test('a master key that was lost', async () => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'database.key'), `ranked-database-key-1:${'ab'.repeat(32)}\n`, {
      mode: 0o600,
    });
    expect(await refusalOf({ RANKED_DATA: dataDir })).toEqual([
      expect.stringMatching(/master\.key is missing .*backup/),
    ]);
  });

  test('a master key file of the settings that is not there', async () => {
    expect(await refusalOf({ RANKED_MASTER_KEY_FILE: '/nowhere/master.key' })).toEqual([
      '/nowhere/master.key does not exist. See that RANKED_DATA and the settings that name files are right.',
    ]);
  });

  test('a data directory that is a file', async () => {
    const path = join(tempDir(), 'file');
    writeFileSync(path, '');
    expect(await refusalOf({ RANKED_DATA: path })).toEqual([
      expect.stringMatching(/cannot be used \(E[A-Z]+\)\. Set RANKED_DATA to a directory/),
    ]);
  });

  test('a database that is a directory', async () => {
    const path = join(tempDir(), 'directory');
    mkdirSync(path);
    expect(await refusalOf({ RANKED_DATABASE: path })).toEqual([
      expect.stringMatching(/^The database cannot be opened: .*RANKED_DATABASE/),
    ]);
  });

  test('a PostgreSQL that does not answer; its password is not repeated', async () => {
    const sentences = await refusalOf({ RANKED_DATABASE: 'postgres://ranked:hunter2@127.0.0.1:1/ranked' });
    expect(sentences).toEqual([expect.stringMatching(/^The database cannot be opened: .*RANKED_DATABASE/)]);
    expect(sentences.join('')).not.toContain('hunter2');
  });

  test('and leaves nothing open: the same start works once the fault is gone', async () => {
    const dataDir = join(tempDir(), 'data');
    const port = await usedPort();
    await refusalOf({ RANKED_DATA: dataDir, RANKED_HTTP_PORT: String(port) });
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    const { running } = await TestMaster.start({ RANKED_DATA: dataDir, RANKED_HTTP_PORT: String(port) });
    expect(running.http.port).toBe(port);
  });
});
