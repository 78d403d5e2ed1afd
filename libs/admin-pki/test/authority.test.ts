import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  authorityPaths,
  createAuthority,
  ensureAuthority,
  ensureServerCertificate,
  issueOperatorCertificate,
  issueServerCertificate,
  makeOperatorFiles,
  openAuthority,
  PkiError,
} from '../src/index.js';

const NOW = Date.parse('2026-11-22T12:00:00.400Z');
const DAY = 86_400_000;

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(join(tmpdir(), 'ranked-pki-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

/** What OpenSSL, a reader of its own, makes of a file. */
const openssl = (args: readonly string[], input?: string): string =>
  execFileSync('openssl', args, {
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
    stdio: 'pipe',
  });

describe('certificates', () => {
  test('the authority signs no further authority and says so critically', async () => {
    const authority = await createAuthority(NOW);
    const text = openssl(['x509', '-noout', '-text'], authority.certificatePem);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
  });

  test('an operator is a client and nothing else, for as long as was said', async () => {
    const authority = await createAuthority(NOW);
    const issued = await issueOperatorCertificate(authority, { name: 'alice', days: 30, now: NOW });
    const certificate = new X509Certificate(issued.certificatePem);
    expect(certificate.subject).toBe('CN=alice');
    expect(certificate.serialNumber.toLowerCase()).toBe(issued.serial);
    expect(certificate.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(issued.privateKeyPem))).toBe(true);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(Date.parse(certificate.validTo)).toBe(issued.expiresAt * 1000);
    expect(issued.expiresAt).toBe(Math.floor((NOW + 30 * DAY) / 1000));
    const text = openssl(['x509', '-noout', '-text'], issued.certificatePem);
    expect(text).toMatch(/Extended Key Usage: critical\s+TLS Web Client Authentication\n/);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
  });

  test('the server has its names and no client use', async () => {
    const authority = await createAuthority(NOW);
    const issued = await issueServerCertificate(authority, {
      names: ['localhost', '127.0.0.1', '::1'],
      now: NOW,
    });
    const certificate = new X509Certificate(issued.certificatePem);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('serials differ, are positive and have 32 digits', async () => {
    const authority = await createAuthority(NOW);
    const serials = await Promise.all(
      Array.from({ length: 20 }, () =>
        issueOperatorCertificate(authority, { name: 'a', days: 1, now: NOW }).then(({ serial }) => serial),
      ),
    );
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
  });

  test.each(['', 'a b', 'ann\n', '-x', 'x'.repeat(65), 'a/../b', 'CN=x,O=y', 'é'])(
    'the name %j is refused',
    async (name) => {
      const authority = await createAuthority(NOW);
      await expect(issueOperatorCertificate(authority, { name, days: 1, now: NOW })).rejects.toMatchObject({
        name: 'PkiError',
        code: 'name',
      });
    },
  );

  test.each([0, -1, 1.5, 366, NaN])('%s days are refused', async (days) => {
    const authority = await createAuthority(NOW);
    await expect(issueOperatorCertificate(authority, { name: 'a', days, now: NOW })).rejects.toMatchObject({
      code: 'days',
    });
  });

  test('a damaged authority is said, without its key', async () => {
    const authority = await createAuthority(NOW);
    const broken = { ...authority, privateKeyPem: authority.privateKeyPem.replace(/[A-Z]/g, 'x') };
    const error: unknown = await issueOperatorCertificate(broken, { name: 'a', days: 1, now: NOW }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(PkiError);
    expect(String(error)).not.toContain(broken.privateKeyPem.slice(40, 60));
  });
});

describe('files', () => {
  test('all are made once, for their owner alone', async () => {
    const paths = authorityPaths(dir);
    const first = await ensureAuthority(paths, NOW);
    const again = await ensureAuthority(paths, NOW);
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.certificatePem).toBe(first.certificatePem);
    const { files } = await makeOperatorFiles(
      paths,
      { name: 'alice', days: 30, now: NOW },
      async () => undefined,
    );
    for (const path of [paths.key, paths.certificate, ...Object.values(files)]) {
      expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    }
    expect(fs.statSync(paths.directory).mode & 0o777).toBe(0o700);
  });

  test('OpenSSL opens the PKCS #12 with its password and finds key, certificate and authority; another password opens nothing', async () => {
    const paths = authorityPaths(dir);
    await ensureAuthority(paths, NOW);
    const { issued, files } = await makeOperatorFiles(
      paths,
      { name: 'alice', days: 30, now: NOW },
      async () => undefined,
    );
    const opened = openssl(['pkcs12', '-in', files.pkcs12, '-nodes', '-passin', `file:${files.password}`]);
    expect(opened.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(opened).toContain(issued.certificatePem.trim());
    expect(opened).toContain(issued.privateKeyPem.split('\n')[1]);
    expect(opened).toContain('friendlyName: alice at RankedServer');
    expect(() => openssl(['pkcs12', '-in', files.pkcs12, '-nodes', '-passin', 'pass:wrong'])).toThrow();
  });

  test('an operator that cannot be registered leaves no files; one that exists is not overwritten', async () => {
    const paths = authorityPaths(dir);
    await ensureAuthority(paths, NOW);
    const order = { name: 'alice', days: 30, now: NOW };
    await expect(
      makeOperatorFiles(paths, order, () => Promise.reject(new Error('no database'))),
    ).rejects.toThrow('no database');
    expect(fs.readdirSync(paths.operators)).toEqual([]);
    const { files } = await makeOperatorFiles(paths, order, async () => undefined);
    const before = fs.readFileSync(files.pkcs12);
    await expect(makeOperatorFiles(paths, order, async () => undefined)).rejects.toMatchObject({
      code: 'exists',
    });
    expect(fs.readFileSync(files.pkcs12).equals(before)).toBe(true);
  });

  test('the server certificate is kept, and made anew for a new name, near its end, and under another authority', async () => {
    const paths = authorityPaths(dir);
    await ensureAuthority(paths, NOW);
    const names = ['localhost', '127.0.0.1'];
    const first = await ensureServerCertificate(paths, { names, now: NOW });
    expect(first.renewed).toBe(true);
    const kept = await ensureServerCertificate(paths, { names, now: NOW + 300 * DAY });
    expect(kept).toMatchObject({ renewed: false, certificatePem: first.certificatePem });
    expect(
      (await ensureServerCertificate(paths, { names: [...names, 'ops.example.org'], now: NOW })).renewed,
    ).toBe(true);
    expect((await ensureServerCertificate(paths, { names, now: NOW + 370 * DAY })).renewed).toBe(true);
    fs.rmSync(paths.key);
    fs.rmSync(paths.certificate);
    await ensureAuthority(paths, NOW);
    expect((await ensureServerCertificate(paths, { names, now: NOW + 370 * DAY })).renewed).toBe(true);
  });

  test("without the authority's key the dashboard still has its certificate, and nothing can be issued", async () => {
    const paths = authorityPaths(dir);
    await ensureAuthority(paths, NOW);
    const names = ['localhost'];
    await ensureServerCertificate(paths, { names, now: NOW });
    fs.rmSync(paths.key);
    expect((await ensureServerCertificate(paths, { names, now: NOW + 380 * DAY })).renewed).toBe(false);
    expect(() => openAuthority(paths)).toThrow(PkiError);
  });

  test('a key without its certificate is not used in silence', async () => {
    const paths = authorityPaths(dir);
    await ensureAuthority(paths, NOW);
    fs.rmSync(paths.certificate);
    await expect(ensureAuthority(paths, NOW)).rejects.toMatchObject({ code: 'authority' });
  });

  test('a key that others may read is refused', async () => {
    const paths = authorityPaths(dir);
    await ensureAuthority(paths, NOW);
    fs.chmodSync(paths.key, 0o644);
    expect(() => openAuthority(paths)).toThrow(/chmod 600/);
  });
});
