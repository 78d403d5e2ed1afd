import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../src/config/config-error.js';
import { loadConfig, scrubSecrets, type Environment } from '../src/config/load-config.js';
import { MasterConfig } from '../src/config/master-config.js';
import { settingsOf } from '../src/config/setting.js';
import { removeTempDirs, tempDir } from './support/temp-dir.js';

const KEY = '5a'.repeat(32);

/** The faults of an environment; fails if it has none. */
function faultsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('the settings were taken');
}

function fileWith(name: string, text: string): string {
  const path = join(tempDir(), name);
  writeFileSync(path, text);
  return path;
}

afterAll(removeTempDirs);

describe('defaults', () => {
  test('an empty environment is complete', () => {
    const config = loadConfig({});
    expect(config).toBeInstanceOf(MasterConfig);
    expect(config).toMatchObject({
      dataDir: './data',
      database: join('./data', 'ranked.sqlite'),
      httpHost: '127.0.0.1',
      httpPort: 8080,
      s2sPort: 23_600,
      rdvPort: 23_601,
      rdvPublicHost: null,
      databaseKey: null,
      tickMs: 500,
      trustedProxies: [],
    });
    expect(config.queues.map(({ name, teams, size }) => [name, teams, size])).toEqual([
      ['duel', 2, 1],
      ['team', 2, 3],
    ]);
  });

  test('each start has a node id of its own', () => {
    expect(loadConfig({}).nodeId).toMatch(/^[0-9a-f]{12}$/);
    expect(loadConfig({}).nodeId).not.toBe(loadConfig({}).nodeId);
  });

  test('other variables of the environment do not matter', () => {
    expect(() =>
      loadConfig({ PATH: '/bin', HOME: '/root', RANKEDX: '1', ranked_http_port: 'x' }),
    ).not.toThrow();
  });
});

describe('values', () => {
  test('are read into the types of the class', () => {
    const config = loadConfig({
      RANKED_DATA: '/srv/ranked',
      RANKED_HTTP_PORT: '0',
      RANKED_HANDSHAKES_PER_SECOND: '2.5',
      RANKED_LOG_LEVEL: 'warn',
      RANKED_DATABASE_KEY: KEY,
      RANKED_TRUSTED_PROXIES: '10.0.0.1, ::1',
      RANKED_RDV_HOST: '0.0.0.0',
      RANKED_RDV_PUBLIC_HOST: 'play.example.org',
    });
    expect(config).toMatchObject({
      database: '/srv/ranked/ranked.sqlite',
      httpPort: 0,
      handshakesPerSecond: 2.5,
      logLevel: 'warn',
      trustedProxies: ['10.0.0.1', '::1'],
      rdvPublicHost: 'play.example.org',
    });
    expect(config.databaseKey).toEqual(Buffer.from(KEY, 'hex'));
  });

  test.each([
    ['RANKED_HTTP_PORT', 'abc', 'RANKED_HTTP_PORT is "abc"; allowed is a whole number from 0 to 65535.'],
    ['RANKED_HTTP_PORT', '65536', 'RANKED_HTTP_PORT is "65536"; allowed is a whole number from 0 to 65535.'],
    ['RANKED_HTTP_PORT', '-1', 'RANKED_HTTP_PORT is "-1"; allowed is a whole number from 0 to 65535.'],
    ['RANKED_HTTP_PORT', '80.5', 'RANKED_HTTP_PORT is "80.5"; allowed is a whole number from 0 to 65535.'],
    ['RANKED_HTTP_PORT', '0x50', 'RANKED_HTTP_PORT is "0x50"; allowed is a whole number from 0 to 65535.'],
    ['RANKED_HTTP_PORT', ' 80', 'RANKED_HTTP_PORT is " 80"; allowed is a whole number from 0 to 65535.'],
    ['RANKED_HTTP_PORT', '', 'RANKED_HTTP_PORT is empty; allowed is a whole number from 0 to 65535.'],
    ['RANKED_TICK_MS', '0', 'RANKED_TICK_MS is "0"; allowed is a whole number from 50 to 60000 (ms).'],
    [
      'RANKED_HANDSHAKES_PER_SECOND',
      'Infinity',
      'RANKED_HANDSHAKES_PER_SECOND is "Infinity"; allowed is a number from 0.1 to 1000000.',
    ],
    [
      'RANKED_LOG_LEVEL',
      'loud',
      'RANKED_LOG_LEVEL is "loud"; allowed is one of trace, debug, info, warn, error, fatal, silent.',
    ],
    ['RANKED_HTTP_HOST', 'a b', 'RANKED_HTTP_HOST is "a b"; allowed is a host name or an IP address.'],
    [
      'RANKED_TRUSTED_PROXIES',
      '10.0.0.1,proxy',
      'RANKED_TRUSTED_PROXIES is "10.0.0.1,proxy"; allowed is a comma-separated list of IP addresses.',
    ],
    [
      'RANKED_DATABASE_KEY',
      'hunter2',
      'RANKED_DATABASE_KEY is a text of 7 characters; allowed is 64 hexadecimal digits (32 bytes).',
    ],
    [
      'RANKED_NODE_ID',
      'x'.repeat(70),
      `RANKED_NODE_ID is "${'x'.repeat(60)}…" (70 characters); allowed is 1 to 64 of A–Z a–z 0–9 . _ -.`,
    ],
  ])('%s=%p is refused with a sentence', (name, value, sentence) => {
    expect(faultsOf({ [name]: value })).toEqual([sentence]);
  });

  test('every fault is told at once', () => {
    expect(faultsOf({ RANKED_HTTP_PORT: 'x', RANKED_TICK_MS: 'y', RANKED_FOO: '1' })).toHaveLength(3);
  });
});

describe('unknown settings', () => {
  test.each([
    [
      'RANKED_HTTP_PROT',
      'RANKED_HTTP_PROT is not a known setting; allowed are the names in docs/operations.md (did you mean RANKED_HTTP_PORT?).',
    ],
    ['RANKED_COLOUR', 'RANKED_COLOUR is not a known setting; allowed are the names in docs/operations.md.'],
    // Only secrets can be given by a file.
    [
      'RANKED_HTTP_PORT_FILE',
      'RANKED_HTTP_PORT_FILE is not a known setting; allowed are the names in docs/operations.md.',
    ],
  ])('%s stops the start', (name, sentence) => {
    expect(faultsOf({ [name]: 'secret-value' })).toEqual([sentence]);
  });
});

describe('contradictions', () => {
  test.each<[string, Environment, RegExp]>([
    [
      'players cannot connect to 0.0.0.0',
      { RANKED_RDV_HOST: '0.0.0.0' },
      /RANKED_RDV_PUBLIC_HOST is not set; allowed with it is a host/,
    ],
    [
      'nor be told so',
      { RANKED_RDV_PUBLIC_HOST: '0.0.0.0' },
      /^RANKED_RDV_PUBLIC_HOST is "0\.0\.0\.0"; allowed is a host that players reach\.$/,
    ],
    [
      'two listeners on one port',
      { RANKED_S2S_PORT: '8080' },
      /^RANKED_HTTP_PORT and RANKED_S2S_PORT are both 8080/,
    ],
    [
      'the same through a wildcard',
      { RANKED_S2S_PORT: '8080', RANKED_S2S_HOST: '0.0.0.0' },
      /^RANKED_HTTP_PORT and RANKED_S2S_PORT are both 8080/,
    ],
    [
      'more per address than in all',
      { RANKED_MAX_UNAUTHENTICATED: '4' },
      /^RANKED_MAX_UNAUTHENTICATED_PER_ADDRESS is 16; allowed is at most RANKED_MAX_UNAUTHENTICATED, 4\.$/,
    ],
    [
      'a reservation shorter than its Ack',
      { RANKED_RESERVATION_MS: '3000' },
      /^RANKED_RESERVATION_MS is 3000; allowed is more than RANKED_ALLOW_ACK_TIMEOUT_MS, 3000\.$/,
    ],
    [
      'a first cooldown that is longer than the longest',
      { RANKED_COOLDOWN_MS: '2000000' },
      /^RANKED_COOLDOWN_MS is 2000000; allowed is at most RANKED_COOLDOWN_MAX_MS, 1800000\.$/,
    ],
    [
      'headers slower than the request',
      { RANKED_HTTP_HEADER_TIMEOUT_MS: '31000' },
      /^RANKED_HTTP_HEADER_TIMEOUT_MS is 31000/,
    ],
  ])('%s', (_name, env, sentence) => {
    const faults = faultsOf(env);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(sentence);
  });

  test('port 0 on all listeners is none', () => {
    expect(() =>
      loadConfig({ RANKED_HTTP_PORT: '0', RANKED_S2S_PORT: '0', RANKED_RDV_PORT: '0' }),
    ).not.toThrow();
  });
});

describe('secrets', () => {
  test.each([
    ['a newline at the end is taken off', `${KEY}\n`],
    ['also a Windows one', `${KEY}\r\n`],
    ['no newline', KEY],
    ['a key file of certtool', `ranked-database-key-1:${KEY}\n`],
  ])('NAME_FILE: %s', (_name, text) => {
    expect(loadConfig({ RANKED_DATABASE_KEY_FILE: fileWith('key', text) }).databaseKey).toEqual(
      Buffer.from(KEY, 'hex'),
    );
  });

  test('a database URL with a password can be a file', () => {
    expect(
      loadConfig({ RANKED_DATABASE_FILE: fileWith('url', 'postgres://u:hunter2@db/ranked\n') }).database,
    ).toBe('postgres://u:hunter2@db/ranked');
  });

  test('only one newline is taken off', () => {
    expect(faultsOf({ RANKED_DATABASE_KEY_FILE: fileWith('key', `${KEY}\n\n`) })[0]).toMatch(
      /^RANKED_DATABASE_KEY is a text of 65 characters/,
    );
  });

  test('a file that is not there', () => {
    expect(faultsOf({ RANKED_DATABASE_KEY_FILE: '/nowhere/key' })).toEqual([
      'RANKED_DATABASE_KEY_FILE is "/nowhere/key", which cannot be read (ENOENT); allowed is the path of a readable file.',
    ]);
  });

  test('both forms at once', () => {
    expect(faultsOf({ RANKED_DATABASE_KEY: KEY, RANKED_DATABASE_KEY_FILE: fileWith('key', KEY) })).toEqual([
      'RANKED_DATABASE_KEY and RANKED_DATABASE_KEY_FILE are both set; allowed is one of them.',
    ]);
  });

  test('no sentence repeats a value that may be secret', () => {
    const wrong = `${KEY}hunter2`;
    const env = { RANKED_DATABASE_KEY: wrong, RANKED_DATABASE: 'postgres://', RANKED_DATABSE_KEY: wrong };
    expect(faultsOf(env)).toHaveLength(3);
    expect(faultsOf(env).join('\n')).not.toMatch(/hunter2|5a5a/);
  });

  test('are taken out of the environment, and nothing else is', () => {
    const env: Record<string, string | undefined> = {
      RANKED_DATABASE_KEY: KEY,
      RANKED_DATABASE: 'postgres://u:p@h/d',
      RANKED_HTTP_PORT: '1',
      PATH: '/bin',
    };
    scrubSecrets(env);
    expect(env).toEqual({ RANKED_HTTP_PORT: '1', PATH: '/bin' });
  });
});

describe('the class', () => {
  test('declares every member as a setting, once, but for the queues', () => {
    const fields = settingsOf(MasterConfig).map(({ field }) => field);
    expect([...fields, 'queues'].sort()).toEqual(Object.keys(new MasterConfig()).sort());
    expect(new Set(settingsOf(MasterConfig).map(({ env }) => env)).size).toBe(fields.length);
  });

  test('its defaults are values that it would take', () => {
    const defaults = new MasterConfig();
    const env: Record<string, string> = {};
    for (const { field, env: name, defaultText } of settingsOf(MasterConfig)) {
      if (defaultText === undefined) env[name] = String(defaults[field as keyof MasterConfig]);
    }
    expect(() => loadConfig(env)).not.toThrow();
  });
});
