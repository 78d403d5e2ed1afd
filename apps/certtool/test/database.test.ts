import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { encodeCertificate, issueCertificate, masterKeyId } from '@ranked/cert';
import { readCertificateFile, readDatabaseKey, readMasterKey } from '@ranked/cert/files';
import { issue, list, resultOf } from './certificates.js';
import { type Workplace, modeOf } from './certtool.js';
import { withWorkplace } from './with-workplace.js';

/* issue, verify and list, against a real SQLite file. */

let place: Workplace;
withWorkplace((made) => (place = made));

describe('issue', () => {
  test('writes file and row; verify, list and inspect agree', async () => {
    const run = await place.run([
      'issue',
      '--json',
      '--name',
      'eu-1',
      '--days',
      '90',
      '--host',
      'eu-1.example.org',
    ]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const masterKeyIdText = masterKeyId(readMasterKey(place.path('data/master.key')).publicKey);
    const issued = resultOf(run) as Record<string, unknown>;
    const { uuid, issuedAt, expiresAt } = readCertificateFile(place.path('data/certificates/eu-1.s2scert'));
    expect(expiresAt - issuedAt).toBe(90 * 86_400);
    expect(issued).toEqual({
      ...{ uuid, name: 'eu-1', issuedAt, expiresAt, masterKeyId: masterKeyIdText },
      ...{ publicHost: 'eu-1.example.org', file: 'data/certificates/eu-1.s2scert' },
    });
    expect(modeOf(place.path('data/certificates/eu-1.s2scert'))).toBe(0o600);
    expect(modeOf(place.path('data/certificates'))).toBe(0o700);
    expect(modeOf(place.path('data/ranked.sqlite'))).toBe(0o600);
    expect(await list(place)).toEqual([
      {
        ...{ uuid, name: 'eu-1', issuedAt, expiresAt, status: 'valid', masterKeyId: masterKeyIdText },
        ...{ publicHost: 'eu-1.example.org', revokedAt: null, revokeReason: null },
      },
    ]);
    const verified = await place.run(['verify', 'data/certificates/eu-1.s2scert', '--json']);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(resultOf(verified)).toMatchObject({
      uuid,
      status: 'valid',
      signature: 'good',
      revocation: 'not-revoked',
    });
  });

  test('never overwrites a file, and then leaves no row', async () => {
    const { file } = await issue(place, 'eu-1');
    const before = fs.readFileSync(place.path(file));
    const again = await place.run(['issue', '--name', 'eu-1']);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('exists already');
    expect(fs.readFileSync(place.path(file))).toEqual(before);
    expect(await list(place)).toHaveLength(1);
  });

  test('refuses a name that is none, before anything is written', async () => {
    const run = await place.run(['issue', '--name', '../eu\u001b[31m']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^certtool: --name must/);
    expect(fs.readdirSync(place.path('data')).sort()).toEqual(['database.key', 'master.key']);
  });

  test.each([[['--days', '0']], [['--host', 'eu\u001b[2J:7000']]])('refuses %j', async (options) => {
    const run = await place.run(['issue', '--name', 'eu-1', ...options]);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).not.toMatch(/[^\n\P{C}]/u);
  });

  test('no directory to write to: status 2, no row, no database', async () => {
    expect((await place.run(['issue', '--name', 'eu-1', '--out', 'none/eu-1.s2scert'])).code).toBe(2);
    expect(fs.existsSync(place.path('data/ranked.sqlite'))).toBe(false);
  });

  test('a name of many letters and several certificates of one name are fine', async () => {
    const name = 'Zürich № 1 – ranked';
    await issue(place, name);
    await issue(place, name, '--out', 'second.s2scert');
    expect((await list(place)).map((one) => one.name)).toEqual([name, name]);
  });

  test('a wrong database key, or none, is refused, and the file is taken back', async () => {
    await issue(place, 'eu-1');
    fs.writeFileSync(place.path('data/database.key'), `ranked-database-key-1:${'0f'.repeat(32)}\n`);
    const wrong = await place.run(['issue', '--name', 'eu-2']);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    fs.rmSync(place.path('data/database.key'));
    const none = await place.run(['issue', '--name', 'eu-2']);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(fs.readdirSync(place.path('data/certificates'))).toEqual(['eu-1.s2scert']);
  });

  test('what is no database is refused, and the file is taken back', async () => {
    fs.writeFileSync(place.path('data/ranked.sqlite'), Buffer.alloc(5000, '\u001b[2J'), { mode: 0o600 });
    const run = await place.run(['issue', '--name', 'eu-1']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^certtool: [\P{C}]+\n$/u);
    expect(fs.readdirSync(place.path('data/certificates'))).toEqual([]);
  });

  test('several at once, on a new database: each name once, every file has its row', async () => {
    const names = ['eu-1', 'eu-2', 'us-1', 'eu-1'];
    const runs = await Promise.all(names.map((name) => place.runAlone(['issue', '--name', name])));
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 0, 0, 1]);
    expect(runs.find(({ code }) => code === 1)?.stderr).toContain('exists already');
    const uuids = fs
      .readdirSync(place.path('data/certificates'))
      .map((name) => readCertificateFile(place.path('data/certificates', name)).uuid);
    expect((await list(place)).map(({ uuid }) => uuid).sort()).toEqual(uuids.sort());
    expect(uuids).toHaveLength(3);
  });
});

test('Ctrl-C while the database does not answer: status 130, and no file without a row is left', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection');
    const RANKED_DATABASE = `postgres://ranked@127.0.0.1:${port}/ranked`;
    const running = place.start(['issue', '--name', 'eu-1'], { RANKED_DATABASE });
    await connected;
    expect(fs.readdirSync(place.path('data/certificates'))).toEqual(['eu-1.s2scert']);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect(fs.readdirSync(place.path('data/certificates'))).toEqual([]);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

describe('verify', () => {
  test('without a database says so and judges the rest', async () => {
    const { file } = await issue(place, 'eu-1');
    const key = (await place.run(['pubkey'])).stdout.trim();
    const run = await place.run(['verify', file, '--data', 'elsewhere', '--master-key', key, '--json']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('revocation was not checked');
    expect(resultOf(run)).toMatchObject({ status: 'valid', revocation: 'unchecked' });
    expect(fs.existsSync(place.path('elsewhere'))).toBe(false);
  });

  test('a certificate with a true signature that the database does not know is not valid', async () => {
    await issue(place, 'eu-1');
    const { seed } = readMasterKey(place.path('data/master.key'));
    const issuedAt = Math.floor(Date.now() / 1000);
    const uuid = '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13';
    const fields = { uuid, issuedAt, expiresAt: issuedAt + 60, secret: new Uint8Array(32).fill(0xc7) };
    const stranger = encodeCertificate(issueCertificate({ masterSeed: seed, ...fields }));
    const run = await place.run(['verify', '-', '--json'], { input: stranger });
    expect(run.code).toBe(3);
    expect(resultOf(run)).toMatchObject({ status: 'unknown', signature: 'good', revocation: 'unknown' });
  });
});

describe('list', () => {
  test('no database: status 2; no certificates: nothing on stdout', async () => {
    expect(await place.run(['list'])).toMatchObject({ code: 2, stdout: '' });
    const { uuid } = await issue(place, 'eu-1');
    await place.run(['revoke', uuid, '--yes']);
    expect(await place.run(['list', '--expiring', '1000d'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('--expiring shows the valid ones whose time is near, the nearest first', async () => {
    await issue(place, 'far', '--days', '40');
    await issue(place, 'near', '--days', '20');
    await issue(place, 'nearest', '--days', '1');
    await issue(place, 'gone', '--days', '2');
    await place.run(['revoke', 'gone', '--yes']);
    expect((await list(place, '--expiring', '30d')).map(({ name }) => name)).toEqual(['nearest', 'near']);
    expect((await list(place, '--expiring', '6w')).map(({ name }) => name)).toEqual([
      'nearest',
      'near',
      'far',
    ]);
    const table = (await place.run(['list'])).stdout.split('\n');
    expect(table[0]).toMatch(/^NAME +UUID +ISSUED +EXPIRES +STATUS +HOST$/);
    expect(table.slice(1, -1).map((line) => line.split(/ +/)[0])).toEqual(['nearest', 'gone', 'near', 'far']);
    expect(table[2]).toMatch(/ revoked +-$/);
  });
});

test('names and reasons that another program wrote into the database cannot move the cursor', async () => {
  const { uuid, file } = await issue(place, 'eu-1');
  const databaseKey = readDatabaseKey(place.path('data/database.key'));
  const target = { kind: 'sqlite', path: place.path('data/ranked.sqlite') } as const;
  const { certificates, openStore } = await import('@ranked/store');
  const store = await openStore(target, { databaseKey, now: () => Date.now() });
  const hostile = 'eu\u001b[2J\u009b31m\r\n\u202e\u200b1';
  await store.write('test', async (tx) => {
    const [row] = await certificates.list(tx, {});
    if (!row) throw new Error('no row');
    const other = {
      ...row,
      uuid: '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13',
      name: hostile,
      publicHost: hostile,
    };
    await certificates.insert(tx, { ...other, secret: new Uint8Array(32).fill(1) });
    await certificates.revoke(tx, uuid, hostile);
  });
  await store.close();
  const outputs = [
    await place.run(['list']),
    await place.run(['list', '--json']),
    await place.run(['verify', file]),
    await place.run(['revoke', hostile], { input: 'no\n' }),
    await place.run(['revoke', uuid]),
  ];
  expect(outputs.map(({ code }) => code)).toEqual([0, 0, 3, 4, 0]);
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toMatch(/[^\n\P{C}]/u);
  expect((await list(place)).map(({ name }) => name)).toContain(hostile);
});
