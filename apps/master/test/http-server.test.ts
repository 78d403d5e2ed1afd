import { once } from 'node:events';
import { afterAll, describe, expect, test } from '@jest/globals';
import { PasswordPool } from '../src/accounts/password-pool.js';
import { expectProblem } from './support/problems.js';
import { rawConnection, readToEnd } from './support/raw-http.js';
import { stopTestMasters, TestMaster } from './support/test-master.js';

afterAll(stopTestMasters);

describe('slow and many', () => {
  test.each([
    ['headers that do not end', 'GET /livez HTTP/1.1\r\nHost: x\r\n'],
    [
      'a body that does not come',
      'POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    ],
    ['nothing at all', ''],
  ])('%s: the connection is ended', async (_name, start) => {
    const master = await TestMaster.start({
      RANKED_HTTP_HEADER_TIMEOUT_MS: '1000',
      RANKED_HTTP_REQUEST_TIMEOUT_MS: '1500',
    });
    const socket = await rawConnection(master);
    const text = readToEnd(socket);
    socket.write(start);
    expect(await text).toMatch(/^HTTP\/1\.1 408 /);
    expect((await master.get('/livez')).status).toBe(200);
  });

  test('connections beyond the limit are closed, those within are served', async () => {
    const master = await TestMaster.start({ RANKED_HTTP_MAX_CONNECTIONS: '2' });
    const first = await rawConnection(master);
    const second = await rawConnection(master);
    const third = await rawConnection(master);
    expect(await readToEnd(third)).toBe('');
    second.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readToEnd(second)).toMatch(/^HTTP\/1\.1 200 OK/);
    first.destroy();
  });

  test('header fields beyond 16 KiB are refused', async () => {
    const master = await TestMaster.start();
    const socket = await rawConnection(master);
    const text = readToEnd(socket);
    socket.write(`GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(await text).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('passwords', () => {
  test('beyond what may wait get 503 with the time to wait; the others are hashed', async () => {
    const master = await TestMaster.start({ RANKED_PASSWORD_QUEUE: '1' });
    const names = Array.from({ length: 12 }, (_, i) => `busy-${i}`);
    const answers = await Promise.all(
      names.map((username) => master.post('/v1/accounts', { username, password: 'long enough' })),
    );
    const busy = answers.filter(({ status }) => status === 503);
    const made = answers.filter(({ status }) => status === 201);
    expect(busy.length + made.length).toBe(12);
    expect(made.length).toBeGreaterThanOrEqual(1);
    const { counters } = master.running.app.get(PasswordPool);
    expect(counters).toMatchObject({ refused: busy.length, hashes: made.length, peakQueue: 1 });
    for (const answer of busy) {
      expectProblem(answer, 503, 'busy');
      expect(answer.headers.get('retry-after')).toBe('2');
    }
  });
});

describe('stopping', () => {
  test('a ready master turns unready, answers what is open, and takes nothing new', async () => {
    const master = await TestMaster.start();
    expect((await master.get('/readyz')).body).toEqual({ status: 'ok' });
    const probe = await rawConnection(master);
    const answers = readToEnd(probe);
    const request = 'GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n';
    probe.write(request);
    await once(probe, 'data');
    // Half a request keeps its connection open through the stop.
    probe.write(request.slice(0, 10));
    const login = master.post('/v1/accounts', { username: 'last-one', password: 'long enough' });
    await untilHashing(master);
    const drained = master.running.drain();
    probe.write(request.slice(10));
    expect(await answers).toMatch(/HTTP\/1\.1 503 .*Connection: close.*"type":"\/problems\/not-ready"/s);
    expect((await login).status).toBe(201);
    await drained;
    await expect(rawConnection(master)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(master.running.drain()).resolves.toBeUndefined();
  });

  test('a client that never ends its request does not hold it up for ever', async () => {
    // The request is cut off after half of it; what remains is for a busy machine to end the rest.
    const master = await TestMaster.start({ RANKED_DRAIN_MS: '6000' });
    const socket = await rawConnection(master);
    socket.write(
      'POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    const ended = readToEnd(socket);
    await master.get('/livez');
    await master.running.drain();
    expect(await ended).toBe('');
  });
});

/** Resolves once a password is being worked on. */
async function untilHashing(master: TestMaster): Promise<void> {
  const pool = master.running.app.get(PasswordPool);
  while (pool.pending === 0) await new Promise((resolve) => setImmediate(resolve));
}
