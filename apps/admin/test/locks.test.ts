import * as net from 'node:net';
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as tls from 'node:tls';
import {
  authorityPaths,
  createAuthority,
  ensureAuthority,
  issueOperatorCertificate,
  type KeyedCertificate,
} from '@ranked/admin-pki';
import { operatorCertificates } from '@ranked/store';
import type { ProblemBody, SessionView } from '../src/api/contract.js';
import { AdminRig, TOKEN, until } from './support/admin-rig.js';

const DAY = 86_400_000;

/** A TLS connection that asks for the page: what came back before it ended, and how it ended. */
function speak(
  rig: AdminRig,
  options: tls.ConnectionOptions,
): Promise<{ text: string; error: string | undefined; authorized: boolean }> {
  return new Promise((resolve) => {
    let text = '';
    let error: string | undefined;
    const socket = tls.connect({
      port: rig.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: rig.authorityPem,
      ...options,
    });
    socket.on('secureConnect', () =>
      socket.write('GET /api/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    );
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', (cause: NodeJS.ErrnoException) => (error = cause.code));
    socket.on('close', () => resolve({ text, error, authorized: socket.authorized }));
  });
}

const clientOf = ({ certificatePem: cert, privateKeyPem: key }: KeyedCertificate) => ({ cert, key });

describe('the locks', () => {
  let rig: AdminRig;
  beforeEach(async () => {
    rig = await AdminRig.start();
  });
  afterEach(() => rig.stop());

  const refusals = async (action: string) => (await rig.audit()).filter((entry) => entry.action === action);

  test('certificate and token: in', async () => {
    const { status, body } = await rig.get<SessionView>('/api/session');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      certificateName: 'first-operator',
      certificateSerial: rig.operator.serial,
      address: '127.0.0.1',
    });
    expect(await rig.audit()).toMatchObject([
      { action: 'operator-certificate.issue', actor: null },
      { action: 'session.open', actor: 'first-operator', address: '127.0.0.1', result: 'done' },
    ]);
    // Once, not with every request.
    await rig.get('/api/session');
    expect(await rig.audit()).toHaveLength(2);
  });

  describe('TLS refuses', () => {
    test('a connection without a certificate', async () => {
      const { text, error } = await speak(rig, {});
      expect(text).toBe('');
      expect(error).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
      await until(async () => (await refusals('tls.refuse')).length === 1);
      expect(await refusals('tls.refuse')).toMatchObject([
        { address: '127.0.0.1', actor: null, result: 'refused', target: 'no certificate' },
      ]);
    });

    const cases: [what: string, target: string, make: () => Promise<KeyedCertificate>][] = [
      [
        'an expired one',
        'an expired certificate',
        () => rig.newOperator('old', { now: Date.now() - 10 * DAY }),
      ],
      [
        'one that is not valid yet',
        'a certificate that is not valid yet',
        () => rig.newOperator('early', { now: Date.now() + 10 * DAY }),
      ],
      [
        'one for server use',
        'a certificate that is not for clients',
        () =>
          Promise.resolve({
            certificatePem: fs.readFileSync(authorityPaths(rig.config.dataDir).serverCertificate, 'utf8'),
            privateKeyPem: fs.readFileSync(authorityPaths(rig.config.dataDir).serverKey, 'utf8'),
          }),
      ],
      [
        "another authority's",
        'a certificate of another authority',
        async () =>
          issueOperatorCertificate(await createAuthority(Date.now()), {
            name: 'first-operator',
            days: 1,
            now: Date.now(),
          }),
      ],
      [
        'one that is an authority',
        'a certificate that is not for clients',
        () => createAuthority(Date.now()),
      ],
      [
        'one that was never noted',
        'a certificate that is revoked or not known',
        () => rig.newOperator('ghost', { known: false }),
      ],
    ];
    test.each(cases)('%s', async (_what, target, make) => {
      const client = await make();
      const { text } = await speak(rig, clientOf(client));
      expect(text).toBe('');
      await until(async () => (await refusals('tls.refuse')).length === 1);
      expect(await refusals('tls.refuse')).toMatchObject([
        { address: '127.0.0.1', result: 'refused', target },
      ]);
      // Nothing of it keeps others out.
      expect((await rig.get('/api/session')).status).toBe(200);
    });

    test('a revoked one, by its serial; other certificates of the same name stay good', async () => {
      const lost = await rig.newOperator('alice');
      const other = await rig.newOperator('alice');
      expect((await rig.get('/api/session', { client: lost })).status).toBe(200);
      await rig.admin.store.write('revoke', (tx) =>
        operatorCertificates.revoke(tx, lost.serial, 'laptop lost'),
      );
      const { text } = await speak(rig, clientOf(lost));
      expect(text).toBe('');
      await until(async () => (await refusals('tls.refuse')).length === 1);
      expect(await refusals('tls.refuse')).toMatchObject([
        { actor: 'alice', detail: { serial: lost.serial } },
      ]);
      expect((await rig.get('/api/session', { client: other })).status).toBe(200);
    });

    test('TLS 1.2, and HTTP without TLS', async () => {
      const { text, error } = await speak(rig, { ...clientOf(rig.operator), maxVersion: 'TLSv1.2' });
      expect([text, error]).toEqual(['', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION']);
      const plain = await new Promise<string>((resolve) => {
        let got = '';
        const socket = net.connect(rig.port, '127.0.0.1', () =>
          socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
        );
        socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(got));
      });
      expect(plain).not.toContain('HTTP/');
      await until(async () => (await refusals('tls.refuse')).length === 2);
    });
  });

  test('a connection that is open ends when its certificate is revoked', async () => {
    const client = await rig.newOperator('alice');
    const socket = tls.connect({
      port: rig.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: rig.authorityPem,
      ...clientOf(client),
    });
    socket.on('error', () => undefined);
    const request = (): boolean =>
      socket.write(`GET /api/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`);
    const first = new Promise<string>((resolve) =>
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1'))),
    );
    request();
    expect(await first).toMatch(/^HTTP\/1.1 200/);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await rig.admin.store.write('revoke', (tx) => operatorCertificates.revoke(tx, client.serial, 'left'));
    await ended;
    expect(rig.admin.door.counters.expelled).toBe(1);
  });

  describe('the token', () => {
    const unauthenticated = async (options: Parameters<AdminRig['get']>[1]) => {
      const answer = await rig.get<ProblemBody>('/api/overview', options);
      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect(answer.body.type).toBe('/problems/unauthenticated');
      return answer;
    };

    test('missing, wrong, of another scheme, in the URL: 401 and a row', async () => {
      await unauthenticated({ token: null });
      await unauthenticated({ token: `${TOKEN}x` });
      await until(async () => (await refusals('token.refuse')).length === 2);
      expect(await refusals('token.refuse')).toMatchObject([
        { actor: 'first-operator', address: '127.0.0.1', target: 'no token', result: 'refused' },
        { actor: 'first-operator', target: 'a wrong token', detail: { serial: rig.operator.serial } },
      ]);
      await unauthenticated({ token: null, headers: { authorization: `Basic ${TOKEN}` } });
      expect(
        (await rig.get(`/api/overview?token=${TOKEN}&access_token=${TOKEN}`, { token: null })).status,
      ).toBe(401);
    });

    test('is asked for before anything else is looked at', async () => {
      for (const path of [
        '/api',
        '/api/',
        '/api/no-such-thing',
        '/API/overview',
        '/api//overview',
        '/api/overview/..%2f..',
      ]) {
        expect([path, (await rig.get(path, { token: null })).status]).toEqual([path, 401]);
      }
      expect((await rig.post('/api/settings/addresses', '{', { token: null })).status).toBe(401);
    });

    test('wrong ones slow down, also for a right one, and only that certificate', async () => {
      for (let n = 0; n < 3; n++) await unauthenticated({ token: `wrong-${n}-wrong-wrong-wrong-wrong` });
      const slowed = await unauthenticated({});
      expect(Number(slowed.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      const other = await rig.newOperator('bob');
      expect((await rig.get('/api/overview', { client: other })).status).toBe(200);
    });

    test('floods are rows with a number, not rows without number', async () => {
      for (let n = 0; n < 30; n++) await unauthenticated({ token: null });
      await rig.admin.app.close();
      const rows = await refusals('token.refuse');
      expect(rows).toHaveLength(2);
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(30);
    });

    test('is in no line of the log', async () => {
      await rig.get('/api/overview');
      await rig.get('/api/overview', { token: 'another-token-that-is-wrong-000' });
      await until(() => rig.lines.filter(({ msg }) => msg === 'request').length === 2);
      expect(JSON.stringify(rig.lines)).not.toContain(TOKEN);
      expect(JSON.stringify(rig.lines)).not.toContain('another-token');
    });
  });

  test('what a request says of its address counts for nothing', async () => {
    const headers = { 'x-forwarded-for': '10.9.9.9', forwarded: 'for=10.9.9.9', 'x-real-ip': '10.9.9.9' };
    expect((await rig.get<SessionView>('/api/session', { headers })).body.address).toBe('127.0.0.1');
    expect((await rig.audit()).at(-1)).toMatchObject({ action: 'session.open', address: '127.0.0.1' });
  });

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('a page of another site may ask nothing: %j', async (headers) => {
    const answer = await rig.get<ProblemBody>('/api/overview', { headers });
    expect([answer.status, answer.body.type]).toEqual([403, '/problems/foreign-origin']);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    await until(async () => (await refusals('request.refuse')).length === 1);
  });

  test('its own page may ask', async () => {
    const headers = { origin: `https://127.0.0.1:${rig.port}`, 'sec-fetch-site': 'same-origin' };
    expect((await rig.get('/api/overview', { headers })).status).toBe(200);
  });

  test('bodies are JSON, not too large, and without surprises', async () => {
    const send = (body: unknown, headers: Record<string, string> = {}) =>
      rig.call<ProblemBody>('PUT', '/api/settings/maintenance', { body, headers });
    expect((await send({ on: true }, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await send({ on: true }, { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
      415,
    );
    expect((await send({ on: true, message: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await send({ on: 'yes' })).body).toMatchObject({
      type: '/problems/validation',
      errors: [{ field: 'on' }],
    });
    expect((await send({ on: true, more: 1 })).body).toMatchObject({
      errors: [{ field: 'more', message: 'is not a known field' }],
    });
    expect((await send([])).status).toBe(400);
    expect((await send({ on: true, message: 'a\u202eb' })).status).toBe(400);
  });
});

describe('the first start', () => {
  test('makes a .p12 that opens the dashboard with its password', async () => {
    const rig = await AdminRig.start();
    const first = rig.admin.firstOperator;
    const status = await new Promise((resolve, reject) => {
      const { cert: _cert, key: _key, ...rest } = rig.requestOptions('GET', '/api/session');
      const pfx = fs.readFileSync(first?.pkcs12 ?? '');
      const passphrase = fs.readFileSync(first?.password ?? '', 'utf8').trim();
      const request = https.get({ ...rest, pfx, passphrase }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject);
    });
    expect(status).toBe(200);
    await rig.stop();
  });

  test('makes authority, certificate and files once; a second start finds them', async () => {
    const rig = await AdminRig.start();
    const first = rig.admin.firstOperator;
    expect(first && fs.existsSync(first.pkcs12)).toBe(true);
    await rig.admin.close();
    const { certificatePem, created } = await ensureAuthority(authorityPaths(rig.config.dataDir), Date.now());
    expect(created).toBe(false);
    expect(certificatePem).toContain('BEGIN CERTIFICATE');
    await rig.stop();
  });
});
