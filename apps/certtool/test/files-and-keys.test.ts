import { createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import { issueCertificate, encodeCertificate, publicKeyFromSeed } from '@ranked/cert';
import { buildProgram } from '../src/program.js';
import { Workplace, modeOf } from './certtool.js';

/* The subcommands that need no database: init, pubkey, inspect, and what all share. */

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => {
  expect(place.leaks()).toEqual([]);
  place.remove();
});

const seed = new Uint8Array(32).fill(0x11);
const publicKey = Buffer.from(publicKeyFromSeed(seed)).toString('hex');
const now = Math.floor(Date.now() / 1000);
const secret = new Uint8Array(Buffer.from('5ec2e7'.repeat(10) + 'abcd', 'hex'));
const uuid = '3f2c1a90-7b5e-4d66-9a01-c4e2d8f70b13';

function certificate(issuedAt = now - 3600, expiresAt = now + 10 * 86_400): Uint8Array {
  return encodeCertificate(issueCertificate({ masterSeed: seed, uuid, issuedAt, expiresAt, secret }));
}
const put = (name: string, contents: string | Uint8Array, mode = 0o600): void => {
  fs.writeFileSync(place.path(name), contents);
  fs.chmodSync(place.path(name), mode);
};

describe('usage', () => {
  test('no command: help on stderr, status 1', async () => {
    const run = await place.run([]);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('Usage: certtool');
  });

  test('--help is a result, with the exit statuses and examples', async () => {
    const run = await place.run(['--help']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    for (const text of ['Exit status:', '130', 'Examples:', 'rotate-master', 'RANKED_DATABASE_KEY_FILE']) {
      expect(run.stdout).toContain(text);
    }
  });

  test('help of every command has examples', async () => {
    const { commands } = buildProgram();
    expect(commands.map((command) => command.name())).toHaveLength(12);
    for (const command of commands) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toContain(`Examples:
  certtool ${command.name()}`);
    }
    expect((await place.run(['help', 'issue'])).stdout).toContain('Examples:');
  });

  test.each([
    [['frobnicate']],
    [['init', '--frobnicate']],
    [['issue']],
    [['pubkey', '--format', 'xml']],
    [['list', '--expiring', '30']],
    [['inspect']],
    [['inspect', 'a', 'b']],
    [['init', '--data', '']],
    [['\u001b[2J\u0007']],
    [['inspect', '\u001b[2J\u202e.s2scert']],
  ])('wrong usage %j: a sentence on stderr, nothing else, no control characters', async (args) => {
    const run = await place.run(args);
    expect(run.code).toBe(args[0] === 'inspect' && args[1]?.endsWith('cert') ? 2 : 1);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^certtool: /);
    expect(run.stderr).not.toMatch(/[^\n\P{C}]/u);
    expect(fs.readdirSync(place.dir)).toEqual([]);
  });
});

describe('init', () => {
  test('makes both keys, 0600 in a directory of 0700, and prints the public key alone', async () => {
    const run = await place.run(['init']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(fs.readdirSync(place.path('data')).sort()).toEqual(['database.key', 'master.key']);
    expect(modeOf(place.path('data'))).toBe(0o700);
    for (const name of ['master.key', 'database.key']) expect(modeOf(place.path('data', name))).toBe(0o600);
    expect((await place.run(['pubkey'])).stdout).toBe(run.stdout);
  });

  test('never overwrites', async () => {
    await place.run(['init', '--data', 'd']);
    const before = fs.readFileSync(place.path('d/master.key'));
    const again = await place.run(['init', '--data', 'd']);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('nothing was changed');
    expect(fs.readFileSync(place.path('d/master.key'))).toEqual(before);
  });

  test('RANKED_DATA says where, --data says it louder', async () => {
    const env = { RANKED_DATA: place.path('by-env') };
    expect((await place.run(['init'], { env })).code).toBe(0);
    expect((await place.run(['init', '--data', 'by-option'], { env })).code).toBe(0);
    expect(fs.readdirSync(place.dir).sort()).toEqual(['by-env', 'by-option']);
  });

  test('a database key elsewhere is used and not made', async () => {
    const env = { RANKED_DATABASE_KEY_FILE: place.path('db-secret') };
    expect((await place.run(['init'], { env })).code).toBe(2);
    put('db-secret', `ranked-database-key-1:${'ab'.repeat(32)}\n`);
    fs.rmSync(place.path('data'), { recursive: true });
    expect((await place.run(['init'], { env })).code).toBe(0);
    expect(fs.readdirSync(place.path('data'))).toEqual(['master.key']);
  });

  test('a lost master key is not replaced in silence', async () => {
    await place.run(['init']);
    fs.rmSync(place.path('data/master.key'));
    const run = await place.run(['init']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('backup');
    expect(fs.readdirSync(place.path('data'))).toEqual(['database.key']);
  });

  test('two at once: one makes the keys, neither breaks them', async () => {
    const runs = await Promise.all([place.run(['init']), place.run(['init'])]);
    expect(runs.map(({ code }) => code)).toContain(0);
    const printed = new Set(runs.filter(({ code }) => code === 0).map(({ stdout }) => stdout));
    expect([...printed]).toEqual([(await place.run(['pubkey'])).stdout]);
  });
});

describe('pubkey', () => {
  test('hex, PEM and C are one key', async () => {
    put('k', `ranked-master-key-1:${'11'.repeat(32)}\n`);
    expect((await place.run(['pubkey', '--master-key', 'k'])).stdout).toBe(`${publicKey}\n`);
    const pem = await place.run(['pubkey', '--master-key', 'k', '--format', 'pem']);
    const { x } = createPublicKey(pem.stdout).export({ format: 'jwk' });
    expect(Buffer.from(String(x), 'base64url').toString('hex')).toBe(publicKey);
    const c = await place.run(['pubkey', '--master-key', 'k', '--format', 'c']);
    expect(c.stdout).toMatch(/^\/\*.*\*\/\nstatic const unsigned char ranked_master_public_key\[32\] = \{\n/);
    expect([...c.stdout.matchAll(/0x([0-9a-f]{2})/g)].map(([, digits]) => digits).join('')).toBe(publicKey);
  });

  test.each([
    [0o644, 'chmod 600'],
    [0o660, 'chmod 600'],
  ])('a key file of mode %o is refused with the remedy', async (mode, remedy) => {
    fs.mkdirSync(place.path('data'));
    put('data/master.key', `ranked-master-key-1:${'11'.repeat(32)}\n`, mode);
    const run = await place.run(['pubkey']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(remedy);
  });

  test.each([
    ['empty', ''],
    ['random bytes', Buffer.from(Array.from({ length: 90 }, (_, index) => (index * 89 + 7) % 256))],
    ['escape sequences', '\u001b]0;owned\u0007ranked-master-key-1:\u001b[2J'],
    ['another version', `ranked-master-key-9:${'11'.repeat(32)}`],
    ['half a key', `ranked-master-key-1:${'11'.repeat(16)}`],
    ['far too long', Buffer.alloc(1_000_000, 'a')],
  ])('a master.key that is %s: status 2, one plain line', async (_name, contents) => {
    fs.mkdirSync(place.path('data'));
    put('data/master.key', contents);
    const run = await place.run(['pubkey']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^certtool: [\P{C}]+\n$/u);
    expect(run.stderr).not.toContain('1111');
  });

  test('no keys yet: the sentence names init', async () => {
    const run = await place.run(['pubkey']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('certtool init');
  });
});

describe('inspect', () => {
  test('JSON has exactly the documented members', async () => {
    put('a.s2scert', certificate());
    const run = await place.run(['inspect', 'a.s2scert', '--json', '--master-key', publicKey]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({
      uuid,
      issuedAt: now - 3600,
      expiresAt: now + 10 * 86_400,
      status: 'valid',
      signature: 'good',
      masterKeyId: expect.stringMatching(/^[0-9a-f]{32}$/),
      secondsLeft: expect.any(Number),
    });
  });

  test('reads stdin, also in small pieces', async () => {
    const { child, ended } = place.start(['inspect', '-']);
    const bytes = certificate();
    for (let index = 0; index < bytes.length; index += 7) child.stdin.write(bytes.subarray(index, index + 7));
    child.stdin.end();
    const run = await ended;
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(uuid);
    expect(run.stdout).toMatch(/signature +not checked/);
  });

  test('the secret is nowhere in the output', async () => {
    put('a.s2scert', certificate());
    await place.run(['inspect', 'a.s2scert']);
    await place.run(['inspect', 'a.s2scert', '--json']);
    expect(place.secretCount).toBe(1);
    expect(place.leaks()).toEqual([]);
  });

  test('a leak would be found', async () => {
    put('a.s2scert', certificate());
    const other = new Workplace();
    fs.writeFileSync(other.path('a.s2scert'), certificate());
    await other.run(['inspect', Buffer.from(secret).toString('hex')]);
    expect(other.leaks()).toEqual([expect.stringContaining('hex')]);
    other.remove();
  });

  test.each([
    ['expired', now - 7200, now - 3600],
    ['not-yet-valid', now + 3600, now + 7200],
    ['valid', now + 60, now + 7200],
  ])('%s by its dates', async (status, issuedAt, expiresAt) => {
    const run = await place.run(['inspect', '-', '--json'], { input: certificate(issuedAt, expiresAt) });
    expect(JSON.parse(run.stdout)).toMatchObject({ status, signature: 'unchecked', masterKeyId: null });
    expect(run.code).toBe(status === 'valid' ? 0 : 3);
  });

  test('dates that no calendar has are shown all the same', async () => {
    const run = await place.run(['inspect', '-'], { input: certificate(0, 2 ** 53 - 1) });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('9007199254740991 s after 1970');
  });

  test('another key, in any of its forms: bad signature, status 3', async () => {
    const other = publicKeyFromSeed(new Uint8Array(32).fill(0x22));
    const x = Buffer.from(other).toString('base64url');
    const pem = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    put('key.pem', pem.export({ type: 'spki', format: 'pem' }), 0o644);
    put('key.hex', `${Buffer.from(other).toString('hex')}\n`, 0o644);
    put('a.s2scert', certificate());
    for (const key of ['key.pem', 'key.hex', Buffer.from(other).toString('hex').toUpperCase()]) {
      const run = await place.run(['inspect', 'a.s2scert', '--json', '--master-key', key]);
      expect(run.code).toBe(3);
      expect(JSON.parse(run.stdout)).toMatchObject({ status: 'bad-signature', signature: 'bad' });
    }
  });

  test.each([
    ['empty', Buffer.alloc(0), 'bytes'],
    ['too short', certificate().subarray(1), 'bytes'],
    ['too long', Buffer.alloc(200_000), 'bytes'],
    ['no certificate', Buffer.alloc(133, '\u001b[2J'), 'S2SC'],
    ['of version 2', certificate().with(4, 2), 'version 2'],
    ['with a negative date', certificate().with(28, 0xff), 'date'],
    ['with S not below the group order', certificate().with(132, 0xff), 'signature'],
  ])('%s: status 2 from stdin and from a file', async (_name, contents, word) => {
    put('a.s2scert', contents);
    for (const run of [
      await place.run(['inspect', '-'], { input: contents }),
      await place.run(['inspect', 'a.s2scert']),
    ]) {
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toMatch(/^certtool: [\P{C}]+\n$/u);
      expect(run.stderr).toContain(word);
    }
  });

  test('missing, a directory, readable by others: status 2', async () => {
    put('loose.s2scert', certificate(), 0o644);
    for (const name of ['missing.s2scert', '.', 'loose.s2scert']) {
      expect(await place.run(['inspect', name])).toMatchObject({ code: 2, stdout: '' });
    }
  });

  test.each([
    ['not hexadecimal', 'zz'.repeat(32)],
    ['a key of another algorithm', 'rsa.pem'],
    ['a device', '/dev/zero'],
  ])('--master-key %s: status 2', async (_name, key) => {
    put(
      'rsa.pem',
      '-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL\n-----END PUBLIC KEY-----\n',
    );
    const run = await place.run(['inspect', '-', '--master-key', key], { input: certificate() });
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });
});
