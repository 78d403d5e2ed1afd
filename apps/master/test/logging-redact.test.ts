import { describe, expect, test } from '@jest/globals';
import { createLogger, NestLogAdapter } from '../src/logging/logger.js';
import { toHumanLine } from '../src/logging/human-stream.js';
import { isSecretName } from '../src/logging/redact.js';
import { LogSink } from './support/log-sink.js';

const SECRET = 'hunter2-correct-horse';

function logged(write: (log: ReturnType<typeof createLogger>) => void): {
  text: string;
  record: Record<string, unknown>;
} {
  const sink = new LogSink();
  write(createLogger('trace', { node: 'n1' }, sink));
  expect(sink.lines).toHaveLength(1);
  return { text: sink.lines[0] ?? '', record: sink.records()[0] ?? {} };
}

describe('names of secrets', () => {
  test.each([
    'password',
    'Password',
    'newPassword',
    'authorization',
    'Authorization',
    'ticket',
    'secret',
    'ticketSecret',
    'token',
    'access_token',
    'joinToken',
    'key',
    'databaseKey',
    'RANKED_DATABASE_KEY',
    'private-key',
    'seed',
    'cookie',
    'set-cookie',
  ])('%s', (name) => expect(isSecretName(name)).toBe(true));

  test.each([
    'ticketId',
    'keyId',
    'tokenDigest',
    'masterKeyId',
    'masterPublicKey',
    'publicKey',
    'name',
    'queue',
    'passwords',
    'masterKeyPath',
    'monkeys',
  ])('not %s', (name) => expect(isSecretName(name)).toBe(false));
});

describe('a log line', () => {
  test.each<[string, Record<string, unknown>]>([
    ['at the top', { password: SECRET }],
    ['inside objects', { request: { headers: { authorization: `Bearer ${SECRET}` } } }],
    ['inside lists', { items: [{ ticket: { id: 'x', secret: SECRET } }] }],
    ['as bytes under any name', { payload: Buffer.from(SECRET) }],
    ['as a list under a secret name', { token: [SECRET] }],
    ['in a URL', { database: `postgres://ranked:${SECRET}@db:5432/ranked` }],
    ['in a URL of an error', { err: new Error(`cannot connect to postgres://ranked:${SECRET}@db/ranked`) }],
    ['deeper than anybody logs', { a: { b: { c: { d: { e: { f: { g: SECRET } } } } } } }],
    [
      'as a member of an error',
      { err: Object.assign(new Error('query failed'), { parameters: [SECRET], query: SECRET }) },
    ],
    [
      'as a member of the cause of an error',
      { err: new Error('failed', { cause: Object.assign(new Error('query'), { parameters: [SECRET] }) }) },
    ],
  ])('has no secret: %s', (_name, fields) => {
    const { text } = logged((log) => log.info(fields, 'line'));
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(Buffer.from(SECRET).toString('base64'));
  });

  test('has no secret that was bound to a child', () => {
    expect(
      logged((log) => log.child({ token: SECRET, connectionId: 'c1' }).info('line')).record,
    ).toMatchObject({ token: '[redacted]', connectionId: 'c1' });
  });

  test('keeps what is no secret, numbers under such names included', () => {
    const { record } = logged((log) =>
      log.warn({ ticketId: 'abc', token: 5, count: 3n, when: new Date(0), none: null }, 'line'),
    );
    expect(record).toMatchObject({
      level: 'warn',
      msg: 'line',
      node: 'n1',
      ticketId: 'abc',
      token: 5,
      count: '3',
      when: '1970-01-01T00:00:00.000Z',
      none: null,
    });
  });

  test('keeps code, message, stack and cause of an error', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E_OUTER' });
    const { record } = logged((log) => log.error({ err: error }, 'line'));
    expect(record['err']).toMatchObject({
      type: 'TypeError',
      code: 'E_OUTER',
      message: 'outer',
      stack: expect.stringContaining('logging-redact.test'),
      cause: { message: 'inner' },
    });
  });

  test('of a bare error keeps its message', () => {
    expect(logged((log) => log.error(new Error('bare'))).record).toMatchObject({
      err: { message: 'bare' },
      msg: 'bare',
    });
  });

  test('survives a circle and a very long list', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const { text } = logged((log) =>
      log.info({ circle, list: Array.from({ length: 10_000 }, (_, i) => i) }, 'line'),
    );
    expect(text.length).toBeLessThan(2_000);
  });
});

describe("Nest's own messages", () => {
  test.each<[string, (adapter: NestLogAdapter) => void, Record<string, unknown>]>([
    [
      'log',
      (nest) => nest.log('started', 'NestFactory'),
      { level: 'debug', component: 'NestFactory', msg: 'started' },
    ],
    [
      'error with a stack',
      (nest) => nest.error('failed', 'Error: failed\n at x', 'Router'),
      { level: 'error', component: 'Router', stack: 'Error: failed\n at x', msg: 'failed' },
    ],
    [
      'an error object',
      (nest) => nest.error(new Error('thrown'), 'Router'),
      { level: 'error', component: 'Router', msg: 'thrown' },
    ],
    ['an object', (nest) => nest.warn({ a: 1 }), { level: 'warn', component: 'nest', msg: '{"a":1}' }],
  ])('%s', (_name, write, expected) => {
    expect(logged((log) => write(new NestLogAdapter(log))).record).toMatchObject(expected);
  });
});

describe('a line for a terminal', () => {
  test('has time, level, component, message and fields', () => {
    const { text } = logged((log) => log.info({ component: 'http', status: 200, path: '/v1/me' }, 'request'));
    expect(toHumanLine(text)).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}http: request {2}status=200 path=\/v1\/me$/,
    );
  });

  test('lets nobody steer the terminal', () => {
    const { text } = logged((log) => log.info({ name: 'a\u001b[2Jb\u009bc\r\nd' }, 'x\u001b[31m'));
    expect(toHumanLine(text)).toMatch(/x·\[31m {2}name=a·\[2Jb·c··d$/);
  });

  test('what is no JSON stays as it is', () => expect(toHumanLine('plain\n')).toBe('plain'));
});
