import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { KeyedCertificate } from '@ranked/admin-pki';
import { operatorCertificates, settings } from '@ranked/store';
import type { IssuedCertificate, ProblemBody, SettingsView } from '../src/api/contract.js';
import { AdminRig, TOKEN, until } from './support/admin-rig.js';

describe('an attacker', () => {
  let rig: AdminRig;
  beforeEach(async () => {
    rig = await AdminRig.start();
  });
  afterEach(() => rig.stop());

  const connect = (client: KeyedCertificate, options: tls.ConnectionOptions = {}): tls.TLSSocket => {
    const socket = tls.connect({
      port: rig.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: rig.authorityPem,
      cert: client.certificatePem,
      key: client.privateKeyPem,
      ...options,
    });
    socket.on('error', () => undefined);
    return socket;
  };
  const request = (method: string, path: string, body = ''): string =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${TOKEN}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  const revoke = (serial: string) =>
    rig.admin.store.write('revoke', (tx) => operatorCertificates.revoke(tx, serial, 'laptop lost'));

  test('on the list who holds connections without a handshake keeps nobody out', async () => {
    const idle: net.Socket[] = [];
    const hold = async (): Promise<void> => {
      const socket = net.connect(rig.port, '127.0.0.1');
      socket.on('error', () => undefined);
      idle.push(socket);
      await once(socket, 'connect');
    };
    try {
      for (let n = 0; n < 700; n++) await hold();
      expect((await rig.get('/api/session')).status).toBe(200);
    } finally {
      for (const socket of idle) socket.destroy();
    }
  });

  test('with a certificate and no token keeps nobody out by holding connections', async () => {
    const mallory = await rig.newOperator('mallory');
    const held: tls.TLSSocket[] = [];
    try {
      for (let n = 0; n < 520; n++) {
        const socket = connect(mallory);
        held.push(socket);
        await Promise.race([once(socket, 'secureConnect'), once(socket, 'close')]);
      }
      expect((await rig.get('/api/session')).status).toBe(200);
    } finally {
      for (const socket of held) socket.destroy();
    }
  });

  test('whose certificate was revoked does nothing more on a connection that is still open', async () => {
    const mallory = await rig.newOperator('mallory');
    const socket = connect(mallory);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(request('GET', '/api/session'));
    await until(() => text.includes('HTTP/1.1 200'));
    const body = JSON.stringify({ on: true, message: 'pwned' });
    await revoke(mallory.serial);
    const ended = once(socket, 'close');
    socket.write(request('PUT', '/api/settings/maintenance', body));
    await ended;
    expect((await rig.get<SettingsView>('/api/settings')).body.maintenance.on).toBe(false);
  });

  test('does not come back with a TLS session of before the revocation', async () => {
    const mallory = await rig.newOperator('mallory');
    const first = connect(mallory);
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    // While it is in force, a session saves the handshake.
    const resumed = connect(mallory, { session });
    resumed.write(request('GET', '/api/session'));
    const [answer] = (await once(resumed, 'data')) as [Buffer];
    expect([resumed.isSessionReused(), answer.toString('latin1').slice(0, 12)]).toEqual([
      true,
      'HTTP/1.1 200',
    ]);
    resumed.destroy();
    await revoke(mallory.serial);
    const again = connect(mallory, { session });
    let text = '';
    again.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    again.write(request('GET', '/api/session'));
    await once(again, 'close');
    expect(text).toBe('');
  });

  test('with a certificate and no token cannot lock out others of his address', async () => {
    expect((await rig.get('/api/overview')).status).toBe(200);
    const mallory = Array.from({ length: 12 }, (_, n) => rig.newOperator(`mallory-${n}`));
    for (const client of await Promise.all(mallory))
      for (let n = 0; n < 2; n++)
        await rig.get('/api/overview', { client, token: 'wrong-wrong-wrong-wrong-wrong' });
    expect((await rig.get('/api/overview')).status).toBe(200);
  });

  test('who writes to the database cannot make what he did unseen by putting the log back', async () => {
    const writes = (statement: string) => rig.admin.store.write('attack', (tx) => tx.run(statement));
    await rig.get('/api/session');
    const head = await rig.admin.store.read((tx) => settings.get(tx, 'audit_head'));
    const { length: rows } = await rig.audit();
    expect((await rig.put('/api/settings/maintenance', { on: true })).status).toBe(200);
    await writes(`DELETE FROM audit_entry WHERE id > ${rows}`);
    await writes(`UPDATE setting SET value = '${head}' WHERE key = 'audit_head'`);
    expect((await rig.get('/api/audit/verify')).body).toMatchObject({
      ok: false,
      fault: { id: rows + 1, kind: 'truncated' },
    });
    const refused = await rig.put<ProblemBody>('/api/settings/maintenance', { on: false });
    expect([refused.status, refused.body.type]).toEqual([503, '/problems/audit-failed']);
    // Whoever comes now can look, and do nothing either.
    const client = await rig.newOperator('night-shift');
    expect((await rig.get<SettingsView>('/api/settings', { client })).body.maintenance.on).toBe(true);
    expect((await rig.put('/api/settings/maintenance', { on: false }, { client })).status).toBe(503);
  });

  test('who ends connections at any moment, or talks nonsense, ends nothing else', async () => {
    const client = rig.operator;
    const ways: (() => Promise<void>)[] = [
      async () => {
        const socket = net.connect(rig.port, '127.0.0.1');
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.resetAndDestroy();
      },
      async () => {
        const socket = net.connect(rig.port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(Buffer.from('160301020001000001fc0303', 'hex'));
        await once(socket, 'ready');
        socket.resetAndDestroy();
      },
      async () => {
        const socket = net.connect(rig.port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.end(Buffer.alloc(4_000, 0x41));
        await once(socket, 'close');
      },
      async () => {
        const raw = net.connect(rig.port, '127.0.0.1');
        raw.on('error', () => undefined);
        const socket = connect(client, { socket: raw });
        await once(socket, 'secureConnect');
        raw.resetAndDestroy();
      },
      async () => {
        const raw = net.connect(rig.port, '127.0.0.1');
        raw.on('error', () => undefined);
        const socket = connect(client, { socket: raw });
        socket.write(request('GET', '/api/events?topics=overview,servers,logs,audit'));
        await once(socket, 'data');
        raw.resetAndDestroy();
      },
      async () => {
        const socket = connect(client);
        socket.write('PUT /api/settings/maintenance HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{"on":');
        await once(socket, 'secureConnect');
        socket.destroy();
      },
      async () => {
        const socket = connect(client);
        socket.write(
          'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
        );
        socket.resume();
        await once(socket, 'close');
      },
      async () => {
        const socket = connect(client);
        socket.write('CONNECT localhost:1 HTTP/1.1\r\nHost: x\r\n\r\n');
        socket.resume();
        await once(socket, 'close');
      },
      async () => {
        const socket = connect(client);
        socket.end(`GET /api/session HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`);
        socket.resume();
        await once(socket, 'close');
      },
    ];
    await Promise.all(Array.from({ length: 10 }, () => ways.map((way) => way())).flat());
    expect((await rig.get('/api/session')).status).toBe(200);
    expect(rig.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect((await rig.get<SettingsView>('/api/settings')).body.maintenance.on).toBe(false);
  });

  test('who writes to the database cannot put himself on the address list', async () => {
    const stranger = { localAddress: '127.0.0.2' };
    const write = (entries: string) =>
      rig.admin.store.write('attack', (tx) => settings.set(tx, 'admin_addresses', entries));
    const entries = [{ address: '127.0.0.0/30', note: 'office' }];
    const applied = () => rig.lines.filter(({ msg }) => msg === 'the address list changed').length;
    await write(JSON.stringify(entries));
    await until(() => applied() === 1);
    await expect(rig.get('/api/session', stranger)).rejects.toThrow();
    await until(async () => (await rig.audit()).some(({ action }) => action === 'settings.refuse'));
    expect((await rig.put('/api/settings/addresses', { entries })).status).toBe(200);
    await until(async () => (await rig.get('/api/session', stranger).catch(() => undefined))?.status === 200);
    const stored = (await rig.admin.store.read((tx) => settings.get(tx, 'admin_addresses'))) ?? '';
    await write(stored.replace('127.0.0.0/30', '127.0.0.0/8'));
    await until(() => applied() === 3);
    await expect(rig.get('/api/session', stranger)).rejects.toThrow();
    expect((await rig.get('/api/session')).status).toBe(200);
  });

  test('operators who rotate the master key at the same moment rotate it once', async () => {
    const { dataDir, masterKeyFile } = rig.config;
    // A first one, so that the database names a key.
    await rig.post('/api/certificates', { name: 'eu-1', days: 1 });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        rig.post<{ keyId: string }>('/api/master-key/rotate', { confirm: 1, reason: 'drill' }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const [keyId] = new Set(answers.map(({ body }) => body.keyId));
    expect((await rig.get<{ keyId: string }>('/api/master-key')).body.keyId).toBe(keyId);
    const replaced = fs.readdirSync(dataDir).filter((name) => name.endsWith('.old'));
    expect([replaced.length, fs.existsSync(masterKeyFile)]).toEqual([1, true]);
  });

  test('who tries to issue or rotate where there is no master key leaves a row all the same', async () => {
    fs.rmSync(rig.config.masterKeyFile);
    expect((await rig.post('/api/certificates', { name: 'eu-1', days: 1 })).status).toBe(503);
    expect((await rig.post('/api/master-key/rotate', { confirm: 0, reason: 'x' })).status).toBe(503);
    expect((await rig.audit()).slice(-2)).toMatchObject([
      { action: 'certificate.issue', target: 'certificate of eu-1', result: 'failed' },
      { action: 'master-key.rotate', result: 'failed' },
    ]);
  });

  test('who spoils the end of the log for a moment costs nobody the file of a certificate', async () => {
    const issued = await rig.post<IssuedCertificate>('/api/certificates', { name: 'eu-1', days: 1 });
    const { path } = issued.body.download;
    const head = (await rig.admin.store.read((tx) => settings.get(tx, 'audit_head'))) ?? '';
    const setHead = (value: string) =>
      rig.admin.store.write('attack', (tx) => settings.set(tx, 'audit_head', value));
    await setHead('nonsense');
    expect((await rig.get(path)).status).toBe(503);
    await setHead(head);
    expect(await rig.bytes(path)).toHaveLength(133);
    expect((await rig.get(path)).status).toBe(404);
  });
});
