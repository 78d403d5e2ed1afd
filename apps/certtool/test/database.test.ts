import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { encodeCertificate, issueCertificate, masterKeyId } from '@ranked/cert';
import {
  ensureKeys,
  readCertificateFile,
  readDatabaseKey,
  readMasterKey,
  writeMasterKey,
} from '@ranked/cert/files';
import { Workplace, modeOf, type Run } from './certtool.js';

/* The subcommands that work on a database, against a real SQLite file. */

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  ensureKeys(place.path('data'));
});
afterEach(() => {
  expect(place.secretCount).toBeGreaterThan(1);
  expect(place.leaks()).toEqual([]);
  place.remove();
});

interface Listed {
  uuid: string;
  name: string;
  status: string;
  revokeReason: string | null;
}
const json = (run: Run): unknown => JSON.parse(run.stdout);
const issue = async (
  name: string,
  ...more: string[]
): Promise<{ uuid: string; file: string; expiresAt: number }> => {
  const run = await place.run(['issue', '--json', '--name', name, ...more]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  return json(run) as { uuid: string; file: string; expiresAt: number };
};
const list = async (...more: string[]): Promise<Listed[]> =>
  json(await place.run(['list', '--json', ...more])) as Listed[];

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
    const issued = json(run) as Record<string, unknown>;
    const { uuid, issuedAt, expiresAt } = readCertificateFile(place.path('data/certificates/eu-1.s2scert'));
    expect(expiresAt - issuedAt).toBe(90 * 86_400);
    expect(issued).toEqual({
      ...{ uuid, name: 'eu-1', issuedAt, expiresAt, masterKeyId: masterKeyIdText },
      ...{ publicHost: 'eu-1.example.org', file: 'data/certificates/eu-1.s2scert' },
    });
    expect(modeOf(place.path('data/certificates/eu-1.s2scert'))).toBe(0o600);
    expect(modeOf(place.path('data/certificates'))).toBe(0o700);
    expect(modeOf(place.path('data/ranked.sqlite'))).toBe(0o600);
    expect(await list()).toEqual([
      {
        ...{ uuid, name: 'eu-1', issuedAt, expiresAt, status: 'valid', masterKeyId: masterKeyIdText },
        ...{ publicHost: 'eu-1.example.org', revokedAt: null, revokeReason: null },
      },
    ]);
    const verified = await place.run(['verify', 'data/certificates/eu-1.s2scert', '--json']);
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(json(verified)).toMatchObject({
      uuid,
      status: 'valid',
      signature: 'good',
      revocation: 'not-revoked',
    });
  });

  test('never overwrites a file, and then leaves no row', async () => {
    const { file } = await issue('eu-1');
    const before = fs.readFileSync(place.path(file));
    const again = await place.run(['issue', '--name', 'eu-1']);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('exists already');
    expect(fs.readFileSync(place.path(file))).toEqual(before);
    expect(await list()).toHaveLength(1);
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
    await issue(name);
    await issue(name, '--out', 'second.s2scert');
    expect((await list()).map((one) => one.name)).toEqual([name, name]);
  });

  test('a wrong database key, or none, is refused, and the file is taken back', async () => {
    await issue('eu-1');
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
    const runs = await Promise.all(names.map((name) => place.run(['issue', '--name', name])));
    expect(runs.map(({ code }) => code).sort()).toEqual([0, 0, 0, 1]);
    expect(runs.find(({ code }) => code === 1)?.stderr).toContain('exists already');
    const uuids = fs
      .readdirSync(place.path('data/certificates'))
      .map((name) => readCertificateFile(place.path('data/certificates', name)).uuid);
    expect((await list()).map(({ uuid }) => uuid).sort()).toEqual(uuids.sort());
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
    const { file } = await issue('eu-1');
    const key = (await place.run(['pubkey'])).stdout.trim();
    const run = await place.run(['verify', file, '--data', 'elsewhere', '--master-key', key, '--json']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('revocation was not checked');
    expect(json(run)).toMatchObject({ status: 'valid', revocation: 'unchecked' });
    expect(fs.existsSync(place.path('elsewhere'))).toBe(false);
  });

  test('a certificate with a true signature that the database does not know is not valid', async () => {
    await issue('eu-1');
    const { seed } = readMasterKey(place.path('data/master.key'));
    const issuedAt = Math.floor(Date.now() / 1000);
    const uuid = '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13';
    const fields = { uuid, issuedAt, expiresAt: issuedAt + 60, secret: new Uint8Array(32).fill(0xc7) };
    const stranger = encodeCertificate(issueCertificate({ masterSeed: seed, ...fields }));
    const run = await place.run(['verify', '-', '--json'], { input: stranger });
    expect(run.code).toBe(3);
    expect(json(run)).toMatchObject({ status: 'unknown', signature: 'good', revocation: 'unknown' });
  });
});

describe('list', () => {
  test('no database: status 2; no certificates: nothing on stdout', async () => {
    expect(await place.run(['list'])).toMatchObject({ code: 2, stdout: '' });
    const { uuid } = await issue('eu-1');
    await place.run(['revoke', uuid, '--yes']);
    expect(await place.run(['list', '--expiring', '1000d'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('--expiring shows the valid ones whose time is near, the nearest first', async () => {
    await issue('far', '--days', '40');
    await issue('near', '--days', '20');
    await issue('nearest', '--days', '1');
    await issue('gone', '--days', '2');
    await place.run(['revoke', 'gone', '--yes']);
    expect((await list('--expiring', '30d')).map(({ name }) => name)).toEqual(['nearest', 'near']);
    expect((await list('--expiring', '6w')).map(({ name }) => name)).toEqual(['nearest', 'near', 'far']);
    const table = (await place.run(['list'])).stdout.split('\n');
    expect(table[0]).toMatch(/^NAME +UUID +ISSUED +EXPIRES +STATUS +HOST$/);
    expect(table.slice(1, -1).map((line) => line.split(/ +/)[0])).toEqual(['nearest', 'gone', 'near', 'far']);
    expect(table[2]).toMatch(/ revoked +-$/);
  });
});

test('names and reasons that another program wrote into the database cannot move the cursor', async () => {
  const { uuid, file } = await issue('eu-1');
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
  expect((await list()).map(({ name }) => name)).toContain(hostile);
});

describe('revoke', () => {
  test('asks; only yes revokes; then verify says revoked, with the reason', async () => {
    const { uuid, file } = await issue('eu-1');
    for (const input of ['', 'no\n', 'yess']) {
      const run = await place.run(['revoke', 'eu-1'], { input });
      expect(run).toMatchObject({ code: 4, stdout: '' });
      expect(run.stderr).toContain(`Revoke ${uuid} of eu-1`);
    }
    expect((await list())[0]?.status).toBe('valid');
    const yes = await place.run(['revoke', 'eu-1', '--reason', 'machine lost'], { input: 'Yes\n' });
    expect(yes).toMatchObject({ code: 0, stdout: `${uuid}\n` });
    expect(await list()).toMatchObject([{ status: 'revoked', revokeReason: 'machine lost' }]);
    const verified = await place.run(['verify', file]);
    expect(verified.code).toBe(3);
    expect(verified.stdout).toMatch(/status +revoked/);
    expect(verified.stdout).toContain('machine lost');
    expect((await place.run(['inspect', file])).code).toBe(0);
  });

  test('by uuid in any case, by file, by name; twice is once', async () => {
    const one = await issue('one');
    const two = await issue('two');
    const three = await issue('three');
    expect((await place.run(['revoke', one.uuid.toUpperCase(), '--yes'])).stdout).toBe(`${one.uuid}\n`);
    expect((await place.run(['revoke', two.file, '--yes'])).stdout).toBe(`${two.uuid}\n`);
    expect((await place.run(['revoke', 'three', '--yes'])).stdout).toBe(`${three.uuid}\n`);
    const again = await place.run(['revoke', 'three', '--reason', 'another']);
    expect(again).toMatchObject({ code: 0, stdout: `${three.uuid}\n` });
    expect((await list()).map(({ status, revokeReason }) => [status, revokeReason])).toEqual(
      Array(3).fill(['revoked', 'revoked with certtool']),
    );
  });

  test('what does not exist or is not clear is not guessed', async () => {
    await issue('eu-1');
    await issue('eu-1', '--out', 'second.s2scert');
    const unclear = await place.run(['revoke', 'eu-1', '--yes']);
    expect(unclear).toMatchObject({ code: 1, stdout: '' });
    expect(unclear.stderr).toContain('2 certificates have the name');
    for (const [which, code] of [
      ['eu-2', 3],
      ['EU-1', 3],
      ['3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13', 3],
      ['./eu-1', 2],
      ['\u001b[2J', 3],
    ] as const) {
      expect(await place.run(['revoke', which, '--yes'])).toMatchObject({ code, stdout: '' });
    }
    expect((await list()).map(({ status }) => status)).toEqual(['valid', 'valid']);
  });

  test('Ctrl-C at the question: status 130, nothing changed', async () => {
    await issue('eu-1');
    const running = place.start(['revoke', 'eu-1']);
    await running.says('[y/N]');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect((await list())[0]?.status).toBe('valid');
  });
});

describe('rotate-master', () => {
  const keyPath = (): string => place.path('data/master.key');
  const keyId = (): string => masterKeyId(readMasterKey(keyPath()).publicKey);

  test('asks for the number of certificates that die; another answer changes nothing', async () => {
    await issue('eu-1');
    await issue('eu-2');
    const before = keyId();
    for (const input of ['', 'yes\n', '22\n']) {
      const run = await place.run(['rotate-master'], { input });
      expect(run).toMatchObject({ code: 4, stdout: '' });
      expect(run.stderr).toContain('2 certificates will stop being valid.');
    }
    expect(keyId()).toBe(before);
    expect(fs.readdirSync(place.path('data')).filter((name) => name.startsWith('master'))).toEqual([
      'master.key',
    ]);
  });

  test('ends every certificate, keeps the old key, and issuing goes on under the new one', async () => {
    const { file } = await issue('eu-1');
    const [before, oldSeed] = [keyId(), readMasterKey(keyPath()).seed];
    const run = await place.run(['rotate-master'], { input: '1\n' });
    expect(run.code).toBe(0);
    expect(run.stdout).toBe((await place.run(['pubkey'])).stdout);
    expect(keyId()).not.toBe(before);
    const kept = place.path(`data/master.key.${before}.old`);
    expect(readMasterKey(kept).seed).toEqual(oldSeed);
    expect([modeOf(keyPath()), modeOf(kept)]).toEqual([0o600, 0o600]);
    const verified = await place.run(['verify', file, '--json']);
    expect(verified.code).toBe(3);
    expect(json(verified)).toMatchObject({ status: 'bad-signature' });
    await issue('eu-2');
    expect((await list()).map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'eu-1 other-key',
      'eu-2 valid',
    ]);
    expect((await place.run(['rotate-master'], { input: '1\n' })).code).toBe(0);
  });

  test('a rotation that was interrupted after the file is seen, and completed without another new key', async () => {
    await issue('eu-1');
    const before = keyId();
    fs.renameSync(keyPath(), place.path(`data/master.key.${before}.old`));
    writeMasterKey(keyPath(), new Uint8Array(32).fill(0x77));
    const interrupted = keyId();
    const refused = await place.run(['issue', '--name', 'eu-2']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('rotate-master');
    expect(fs.readdirSync(place.path('data/certificates'))).toEqual(['eu-1.s2scert']);
    const completed = await place.run(['rotate-master'], { input: '1\n' });
    expect(completed.code).toBe(0);
    expect(completed.stderr).toContain('was interrupted');
    expect(keyId()).toBe(interrupted);
    await issue('eu-2');
  });

  test('a lost key is replaced, and the number is known all the same', async () => {
    await issue('eu-1');
    fs.rmSync(keyPath());
    const run = await place.run(['rotate-master', '--yes']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('1 certificate will stop being valid.');
    expect(run.stdout).toBe((await place.run(['pubkey'])).stdout);
    await issue('eu-2');
  });

  test('two at once leave a file and a database that agree', async () => {
    await issue('eu-1');
    const runs = await Promise.all([
      place.run(['rotate-master', '--yes']),
      place.run(['rotate-master', '--yes']),
    ]);
    expect(runs.map(({ code }) => code)).toContain(0);
    await issue('eu-2');
  });
});

describe('settings that hold secrets', () => {
  const key = '5d'.repeat(32);
  const labelled = `ranked-database-key-1:${key}`;

  test('the database key may come from the environment or a file, with its label or without', async () => {
    fs.rmSync(place.path('data'), { recursive: true });
    fs.writeFileSync(place.path('bare'), `${key}\n`, { mode: 0o600 });
    fs.writeFileSync(place.path('labelled'), labelled, { mode: 0o600 });
    const ways: Record<string, string>[] = [
      { RANKED_DATABASE_KEY: labelled },
      { RANKED_DATABASE_KEY_FILE: 'bare' },
      { RANKED_DATABASE_KEY_FILE: 'labelled' },
    ];
    expect((await place.run(['init'], { env: { RANKED_DATABASE_KEY: key } })).code).toBe(0);
    for (const [index, env] of ways.entries()) {
      expect((await place.run(['issue', '--name', `eu-${index}`], { env })).code).toBe(0);
    }
    expect(fs.existsSync(place.path('data/database.key'))).toBe(false);
  });

  test.each([
    ['is no key', { RANKED_DATABASE_KEY: `${key}5d` }, 1],
    ['is given twice', { RANKED_DATABASE_KEY: key, RANKED_DATABASE_KEY_FILE: 'bare' }, 1],
    ['lies in a file that is missing', { RANKED_DATABASE_KEY_FILE: 'missing' }, 2],
    ['lies in a file that others may read', { RANKED_DATABASE_KEY_FILE: 'loose' }, 2],
  ])('a database key that %s is refused and not shown', async (_name, env: Record<string, string>, code) => {
    fs.writeFileSync(place.path('loose'), labelled);
    fs.chmodSync(place.path('loose'), 0o644);
    const run = await place.run(['issue', '--name', 'eu-1'], { env });
    expect(run).toMatchObject({ code, stdout: '' });
    expect(run.stderr).not.toContain('5d5d');
  });

  test('the database may be named in a file', async () => {
    fs.writeFileSync(place.path('target'), 'elsewhere.sqlite\n', { mode: 0o600 });
    const env = { RANKED_DATABASE_FILE: 'target' };
    expect((await place.run(['issue', '--name', 'eu-1'], { env })).code).toBe(0);
    expect(fs.existsSync(place.path('elsewhere.sqlite'))).toBe(true);
    expect(fs.existsSync(place.path('data/ranked.sqlite'))).toBe(false);
  });
});

describe('a PostgreSQL that cannot be reached', () => {
  test('one line, without the password', async () => {
    const env = {
      RANKED_DATABASE: 'postgres://ranked:hunter2%21pw@127.0.0.1:1/ranked?application_name=hunter2',
    };
    const run = await place.run(['list'], { env });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^certtool: [\P{C}]+127\.0\.0\.1:1[\P{C}]+\n$/u);
    expect(run.stderr).not.toContain('hunter2');
  });
});
