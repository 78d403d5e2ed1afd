import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROBLEMS } from '../src/http/problem.js';
import { toProblem } from '../src/http/to-problem.js';
import { ManualClock } from './support/manual-clock.js';
import { expectProblem } from './support/problems.js';
import { rawConnection, readToEnd } from './support/raw-http.js';
import { stopTestMasters, TestMaster, type Answer } from './support/test-master.js';

let master: TestMaster;

beforeAll(async () => {
  master = await TestMaster.start();
});
afterAll(stopTestMasters);

describe('a request that cannot be served gets a problem', () => {
  const json = { 'content-type': 'application/json' };
  const body = { username: 'mona', password: 'long enough' };

  test.each<[string, () => Promise<Answer>, number, string]>([
    ['an unknown path', () => master.get('/nowhere'), 404, 'not-found'],
    ['the root', () => master.get('/'), 404, 'not-found'],
    ['a wrong method', () => master.request('PUT', '/v1/accounts', { body }), 404, 'not-found'],
    ['a path outside', () => master.get('/..%2f..%2fetc/passwd'), 404, 'not-found'],
    ['a broken percent-encoding', () => master.get('/v1/players/%E0%A4%A'), 400, 'bad-request'],
    ['a player id of another form', () => master.get('/v1/players/1'), 400, 'validation'],
    [
      'no such player',
      () => master.get('/v1/players/00000000-0000-4000-8000-000000000000'),
      404,
      'not-found',
    ],
    ['no such queue', () => master.get('/v1/queues/chess/leaderboard'), 404, 'not-found'],
    [
      'broken JSON',
      () => master.post('/v1/accounts', '{"username":"mona","password":"hunter2-secret'),
      400,
      'malformed-json',
    ],
    ['JSON that is no object', () => master.post('/v1/accounts', '"hunter2-secret"'), 400, 'malformed-json'],
    [
      'a prototype',
      () => master.post('/v1/accounts', '{"username":"mona","password":"long enough","__proto__":{"x":1}}'),
      400,
      'malformed-json',
    ],
    [
      'a constructor',
      () => master.post('/v1/accounts', '{"username":"mona","password":"long enough","constructor":{"x":1}}'),
      400,
      'malformed-json',
    ],
    [
      'a body of another type',
      () =>
        master.post('/v1/accounts', 'username=mona', {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
      415,
      'unsupported-media-type',
    ],
    [
      'a body without a type',
      () => master.post('/v1/accounts', new Uint8Array([123, 125]), { headers: { 'content-type': '' } }),
      415,
      'unsupported-media-type',
    ],
    [
      'a charset that JSON does not have',
      () =>
        master.post('/v1/accounts', '{}', {
          headers: { 'content-type': 'application/json; charset=koi8-r' },
        }),
      415,
      'unsupported-media-type',
    ],
    [
      'a compressed body',
      () =>
        master.post('/v1/accounts', gzipSync(JSON.stringify(body)), {
          headers: { ...json, 'content-encoding': 'gzip' },
        }),
      415,
      'unsupported-media-type',
    ],
    [
      'a body beyond the limit',
      () => master.post('/v1/accounts', { ...body, password: 'x'.repeat(70_000) }),
      413,
      'too-large',
    ],
  ])('%s', async (_name, send, status, name) => {
    const answer = await send();
    expectProblem(answer, status, name);
    expect(answer.text).not.toMatch(/hunter2|node_modules|\bat \//);
  });

  test('a body just inside the limit is read', async () => {
    const filler = 'x'.repeat(65_536 - JSON.stringify({ ...body, password: '' }).length);
    expectProblem(await master.post('/v1/accounts', { ...body, password: filler }), 400, 'validation');
  });

  test('HEAD gets the head alone', async () => {
    const answer = await master.request('HEAD', '/nowhere');
    expect(answer).toMatchObject({ status: 404, text: '' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('what is no HTTP is turned away', async () => {
    const socket = await rawConnection(master);
    const text = readToEnd(socket);
    socket.write(Buffer.from('16030100c8010000c40303', 'hex'));
    expect(await text).toMatch(/^HTTP\/1\.1 400 /);
    expect((await master.get('/livez')).status).toBe(200);
  });
});

describe('the type of a problem', () => {
  test.each(Object.entries(PROBLEMS))(
    '/problems/%s leads to its description',
    async (name, { status, title }) => {
      expect((await master.get(`/problems/${name}`)).body).toEqual({
        type: `/problems/${name}`,
        status,
        title,
      });
    },
  );

  test.each(['nothing', '__proto__', 'toString'])('/problems/%s does not exist', async (name) =>
    expectProblem(await master.get(`/problems/${name}`), 404, 'not-found'),
  );
});

describe('an error nobody foresaw', () => {
  test.each([
    new Error('SELECT secret FROM x'),
    'a text',
    null,
    undefined,
    { status: 200 },
    new TypeError('x is undefined'),
  ])('%p tells the caller nothing', (error) => {
    const problem = toProblem(error);
    expect(problem.code).toBe('internal');
    expect(JSON.stringify(problem.toBody('r1'))).not.toMatch(/SELECT|undefined|a text/);
  });
});

describe('request ids', () => {
  test('are of our making, new for each request, and in the log', async () => {
    const forged = 'forged-by-client';
    const first = await master.get('/v1/queues', { headers: { 'x-request-id': forged } });
    const second = await master.get('/nowhere');
    const ids = [first, second].map(({ headers }) => headers.get('x-request-id'));
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f]{24}$/), expect.stringMatching(/^[0-9a-f]{24}$/)]);
    expect(new Set(ids).size).toBe(2);
    expect(master.log.lines.join('')).not.toContain(forged);
    const line = master.log.records().find(({ requestId }) => requestId === ids[1]);
    expect(line).toMatchObject({
      component: 'http',
      msg: 'request',
      method: 'GET',
      path: '/nowhere',
      status: 404,
      address: '127.0.0.1',
    });
  });

  test('a query never reaches the log', async () => {
    await master.get('/v1/queues?access_token=in-the-query');
    expect(master.log.lines.join('')).not.toContain('in-the-query');
  });
});

describe('header fields', () => {
  test('keep browsers and caches from doing anything with an answer', async () => {
    const { headers } = await master.get('/v1/queues');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('rates', () => {
  test('of requests per address: beyond the burst 429 with the time to wait, then served again', async () => {
    const clock = new ManualClock();
    const limited = await TestMaster.start(
      { RANKED_HTTP_REQUESTS_PER_SECOND: '0.5', RANKED_HTTP_REQUEST_BURST: '3' },
      { clock },
    );
    for (let i = 0; i < 3; i++) expect((await limited.get('/v1/queues')).status).toBe(200);
    const refused = await limited.get('/v1/queues');
    expectProblem(refused, 429, 'rate-limited');
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await limited.get('/livez')).status).toBe(200);
    clock.advance(2_000);
    expect((await limited.get('/v1/queues')).status).toBe(200);
  });

  test('of logins per account and address: the right password does not help, another account is free', async () => {
    const clock = new ManualClock();
    const limited = await TestMaster.start(
      { RANKED_ACCOUNT_LOGIN_BURST: '2', RANKED_ACCOUNT_LOGINS_PER_MINUTE: '6' },
      { clock },
    );
    await limited.player('nina');
    const login = (username: string, password: string) =>
      limited.post('/v1/sessions', { username, password });
    expectProblem(await login('NINA', 'wrong password'), 401, 'invalid-credentials');
    const refused = await login('nina', 'nina-password');
    expectProblem(refused, 429, 'rate-limited');
    expect(refused.headers.get('retry-after')).toBe('10');
    await limited.player('oscar');
    clock.advance(10_000);
    expect((await login('nina', 'nina-password')).status).toBe(201);
  });

  test('of logins and registrations per address', async () => {
    const limited = await TestMaster.start(
      { RANKED_LOGIN_BURST: '3', RANKED_LOGINS_PER_MINUTE: '1' },
      { clock: new ManualClock() },
    );
    await limited.player('paul');
    expectProblem(
      await limited.post('/v1/sessions', { username: 'somebody', password: 'long enough' }),
      401,
      'invalid-credentials',
    );
    expectProblem(
      await limited.post('/v1/sessions', { username: 'another', password: 'long enough' }),
      429,
      'rate-limited',
    );
    expectProblem(
      await limited.post('/v1/accounts', { username: 'another', password: 'long enough' }),
      429,
      'rate-limited',
    );
  });

  test('count the address of the connection: X-Forwarded-For of strangers is not believed', async () => {
    const limited = await TestMaster.start(
      { RANKED_HTTP_REQUEST_BURST: '2', RANKED_HTTP_REQUESTS_PER_SECOND: '1' },
      { clock: new ManualClock() },
    );
    const answers = [];
    for (let i = 0; i < 3; i++)
      answers.push(await limited.get('/v1/queues', { headers: { 'x-forwarded-for': `192.0.2.${i}` } }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  test('count the forwarded address behind a trusted proxy', async () => {
    const limited = await TestMaster.start(
      {
        RANKED_HTTP_REQUEST_BURST: '1',
        RANKED_HTTP_REQUESTS_PER_SECOND: '1',
        RANKED_TRUSTED_PROXIES: '127.0.0.1',
      },
      { clock: new ManualClock() },
    );
    const from = (address: string) => limited.get('/v1/queues', { headers: { 'x-forwarded-for': address } });
    expect([
      (await from('192.0.2.1')).status,
      (await from('192.0.2.2')).status,
      (await from('192.0.2.1')).status,
    ]).toEqual([200, 200, 429]);
    // What a client puts in front of what the proxy appended does not count.
    expect((await from('198.51.100.9, 192.0.2.1')).status).toBe(429);
  });
});
