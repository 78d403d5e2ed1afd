import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { DatabaseFile } from './database-file.js';
import { Workplace, modeOf } from './certtool.js';
import { CommandHost } from './command-host.js';

/* The subcommands of the operators' dashboard: admin-ca, admin-cert, admin-revoke, audit. */

let place: Workplace;
const host = new CommandHost();
afterAll(() => host.close());
beforeEach(async () => {
  place = new Workplace(host);
  expect(await place.run(['init'])).toMatchObject({ code: 0 });
});
afterEach(() => {
  expect(place.leaks()).toEqual([]);
  place.remove();
});

const operators = (...parts: string[]): string => place.path('data', 'admin', 'operators', ...parts);

test('admin-ca makes the authority once, and tells where it is', async () => {
  const first = await place.run(['admin-ca']);
  expect(first).toMatchObject({ code: 0, stdout: 'data/admin/authority.pem\n' });
  const pem = fs.readFileSync(place.path('data/admin/authority.pem'), 'utf8');
  const again = await place.run(['admin-ca']);
  expect(again).toMatchObject({ code: 0, stdout: first.stdout });
  expect(again.stderr).toContain('nothing was changed');
  expect(fs.readFileSync(place.path('data/admin/authority.pem'), 'utf8')).toBe(pem);
  expect(modeOf(place.path('data/admin/authority.key'))).toBe(0o600);
});

test('admin-cert makes files for browser and curl, for client use alone, noted in database and audit log', async () => {
  await place.runAlone(['admin-ca']);
  const run = await place.runAlone(['admin-cert', '--name', 'alice', '--days', '7', '--json']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const told = JSON.parse(run.stdout) as { serial: string; expiresAt: number; issuedAt: number };
  const certificate = new X509Certificate(fs.readFileSync(operators('alice.pem')));
  expect(certificate.subject).toBe('CN=alice');
  expect(certificate.serialNumber.toLowerCase()).toBe(told.serial);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(Date.parse(certificate.validTo)).toBe(told.expiresAt * 1000);
  for (const name of ['alice.pem', 'alice.key', 'alice.p12', 'alice.p12.password'])
    expect(modeOf(operators(name))).toBe(0o600);
  const opened = execFileSync(
    'openssl',
    ['pkcs12', '-in', operators('alice.p12'), '-nodes', '-passin', `file:${operators('alice.p12.password')}`],
    {
      encoding: 'utf8',
      stdio: 'pipe',
    },
  );
  expect(opened).toContain('BEGIN PRIVATE KEY');
  const password = fs.readFileSync(operators('alice.p12.password'), 'utf8').trim();
  expect(run.stdout).not.toContain(password);
  expect(run.stdout).not.toContain('PRIVATE KEY');
  expect(await place.runAlone(['audit', 'verify'])).toMatchObject({
    code: 0,
    stdout: '1 rows, all as they were written\n',
  });
});

test.each([
  [['admin-cert', '--name', 'a b'], 1],
  [['admin-cert', '--name', '../x'], 1],
  [['admin-cert', '--name', 'x', '--days', '0'], 1],
  [['admin-cert', '--name', 'x', '--days', '366'], 1],
  [['admin-cert'], 1],
])('%j is refused and leaves nothing', async (args, code) => {
  await place.run(['admin-ca']);
  expect(await place.run(args)).toMatchObject({ code, stdout: '' });
  expect(fs.existsSync(operators()) ? fs.readdirSync(operators()) : []).toEqual([]);
});

test('without an authority nothing is issued, and it is said how to make one', async () => {
  const run = await place.run(['admin-cert', '--name', 'alice']);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('certtool admin-ca');
});

test('an operator of the same name gets no second file; nothing is overwritten', async () => {
  await place.run(['admin-ca']);
  await place.run(['admin-cert', '--name', 'alice']);
  const before = fs.readFileSync(operators('alice.p12'));
  expect(await place.run(['admin-cert', '--name', 'alice'])).toMatchObject({ code: 1 });
  expect(fs.readFileSync(operators('alice.p12')).equals(before)).toBe(true);
  expect(await place.run(['admin-cert', '--name', 'alice', '--out', 'elsewhere'])).toMatchObject({ code: 0 });
});

test('admin-revoke by name or serial; twice is once; a name of two has to be told apart', async () => {
  await place.run(['admin-ca']);
  const serialOf = async (...args: string[]): Promise<string> => {
    const { stdout } = await place.run(['admin-cert', '--json', ...args]);
    return (JSON.parse(stdout) as { serial: string }).serial;
  };
  const first = await serialOf('--name', 'alice');
  expect(await place.run(['admin-revoke', 'alice'], { input: 'n\n' })).toMatchObject({ code: 4, stdout: '' });
  expect(await place.run(['admin-revoke', 'alice'], { input: 'yes\n' })).toMatchObject({
    code: 0,
    stdout: `${first}\n`,
  });
  const again = await place.run(['admin-revoke', first.toUpperCase(), '--yes']);
  expect(again).toMatchObject({ code: 0, stdout: `${first}\n` });
  expect(again.stderr).toContain('nothing was changed');
  const second = await serialOf('--name', 'alice', '--out', 'two');
  await serialOf('--name', 'alice', '--out', 'three');
  const unclear = await place.run(['admin-revoke', 'alice', '--yes']);
  expect(unclear).toMatchObject({ code: 1, stdout: '' });
  expect(unclear.stderr).toContain(second);
  expect(await place.run(['admin-revoke', second, '--yes', '--reason', 'lost'])).toMatchObject({ code: 0 });
  expect(await place.run(['admin-revoke', 'bob', '--yes'])).toMatchObject({ code: 3, stdout: '' });
  expect(await place.run(['audit', 'verify'])).toMatchObject({
    code: 0,
    stdout: '5 rows, all as they were written\n',
  });
});

test('audit verify names a changed and a removed row, with status 3; after a reseal the log goes on and still names it', async () => {
  await place.run(['admin-ca']);
  for (const name of ['a', 'b', 'c']) await place.run(['admin-cert', '--name', name]);
  const database = new DatabaseFile(place.path('data/ranked.sqlite'));
  await database.run(`UPDATE audit_entry SET target = 'nothing' WHERE id = 2`);
  const changed = await place.run(['audit', 'verify', '--json']);
  expect(changed.code).toBe(3);
  expect(JSON.parse(changed.stdout)).toMatchObject({
    ok: false,
    checked: 1,
    fault: { id: 2, kind: 'changed' },
  });
  await database.run('DELETE FROM audit_entry WHERE id = 2');
  expect(await place.run(['audit', 'verify'])).toMatchObject({
    code: 3,
    stdout: 'removed: row 2 was removed\n',
  });
  await database.run(`DELETE FROM setting WHERE key = 'audit_head'`);
  const refused = await place.run(['admin-cert', '--name', 'd']);
  expect(refused.code).toBe(1);
  expect(fs.existsSync(operators('d.p12'))).toBe(false);
  expect(await place.run(['audit', 'reseal'], { input: 'y\n' })).toMatchObject({ code: 0 });
  expect(await place.run(['admin-cert', '--name', 'd'])).toMatchObject({ code: 0 });
  expect(await place.run(['audit', 'verify'])).toMatchObject({
    code: 3,
    stdout: 'removed: row 2 was removed\n',
  });
});

test('a log that is shorter than the dashboard noted is named, until a reseal goes on from there', async () => {
  await place.run(['admin-ca']);
  await place.run(['admin-cert', '--name', 'a']);
  const mark = place.path('data/admin/audit-mark');
  fs.writeFileSync(mark, `3 ${'ab'.repeat(32)}\n`, { mode: 0o600 });
  const shorter = await place.run(['audit', 'verify']);
  expect([shorter.code, shorter.stdout]).toEqual([
    3,
    expect.stringContaining('had 3 rows or more and has 1'),
  ]);
  expect(await place.run(['audit', 'reseal', '--yes'])).toMatchObject({ code: 0 });
  expect(fs.readFileSync(mark, 'utf8')).toMatch(/^2 [0-9a-f]{64}\n$/);
  expect(await place.run(['audit', 'verify'])).toMatchObject({
    code: 0,
    stdout: '2 rows, all as they were written\n',
  });
});
