import { randomBytes, X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { CertError } from '@ranked/cert';
import { readSecretFile, writeSecretFile } from '@ranked/cert/files';
import {
  createAuthority,
  issueOperatorCertificate,
  issueServerCertificate,
  type IssuedX509,
  type KeyedCertificate,
} from './authority.js';
import { toPkcs12 } from './pkcs12.js';
import { PkiError } from './pki-error.js';

const MAX_FILE = 65_536;
/** The dashboard's own certificate is made anew when it has less than this left, ms. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

/** Where everything of the dashboard's authority lies. */
export interface AuthorityPaths {
  directory: string;
  certificate: string;
  /** Not needed to run the dashboard: it can be kept elsewhere between issuing. */
  key: string;
  serverCertificate: string;
  serverKey: string;
  operators: string;
}

/** The files of the authority within a data directory. */
export function authorityPaths(dataDir: string): AuthorityPaths {
  const directory = join(dataDir, 'admin');
  return {
    directory,
    certificate: join(directory, 'authority.pem'),
    key: join(directory, 'authority.key'),
    serverCertificate: join(directory, 'server.pem'),
    serverKey: join(directory, 'server.key'),
    operators: join(directory, 'operators'),
  };
}

/**
 * The authority's certificate, made with its key (0600) on first use.
 * @param now Unix ms
 * @throws PkiError `authority` when only the key is there; an error of `node:fs`
 */
export async function ensureAuthority(
  paths: AuthorityPaths,
  now: number,
): Promise<{ certificatePem: string; created: boolean }> {
  const present = readIfThere(paths.certificate);
  if (present !== undefined) return { certificatePem: present, created: false };
  if (fs.existsSync(paths.key)) {
    throw new PkiError(
      'authority',
      `${paths.certificate} is missing though ${paths.key} is there; put it back from a backup, or remove the key to begin anew`,
    );
  }
  fs.mkdirSync(paths.directory, { recursive: true, mode: 0o700 });
  const made = await createAuthority(now);
  // The key first: a process killed in between leaves one without a certificate, which is said above and never used.
  writeNew(paths.key, made.privateKeyPem);
  writeNew(paths.certificate, made.certificatePem);
  return { certificatePem: made.certificatePem, created: true };
}

/**
 * The authority with its key, to issue with.
 * @throws PkiError `authority` when a part is missing; CertError `permissions`; an error of `node:fs`
 */
export function openAuthority(paths: AuthorityPaths): KeyedCertificate {
  const certificatePem = readIfThere(paths.certificate);
  if (certificatePem === undefined || !fs.existsSync(paths.key)) {
    throw new PkiError(
      'authority',
      `the dashboard's authority is not whole: ${paths.certificate} and ${paths.key} are needed; "certtool admin-ca" makes a new one`,
    );
  }
  return { certificatePem, privateKeyPem: readText(paths.key) };
}

/** The dashboard's own certificate, and what became of it. */
export interface ServerIdentity extends KeyedCertificate {
  /** Unix ms. */
  expiresAt: number;
  /** Made just now. */
  renewed: boolean;
}

/**
 * The certificate of the dashboard's listener: made on first use, when it has less than 30 days left, when a name is
 * missing in it, and when the authority is another. Without the authority's key an old one is used as long as it lasts.
 * @throws PkiError `authority` when there is neither a usable certificate nor the authority's key
 */
export async function ensureServerCertificate(
  paths: AuthorityPaths,
  { names, now }: { names: readonly string[]; now: number },
): Promise<ServerIdentity> {
  const present = readServer(paths);
  if (present !== undefined && fits(present, paths, names, now)) return { ...present, renewed: false };
  if (!fs.existsSync(paths.key) && present !== undefined && present.expiresAt > now) {
    return { ...present, renewed: false };
  }
  const made = await issueServerCertificate(openAuthority(paths), { names, now });
  fs.rmSync(paths.serverKey, { force: true });
  fs.rmSync(paths.serverCertificate, { force: true });
  writeNew(paths.serverKey, made.privateKeyPem);
  writeNew(paths.serverCertificate, made.certificatePem);
  return { ...made, expiresAt: made.expiresAt * 1000, renewed: true };
}

/** The files of an operator: what a browser imports, the password of that, and what curl takes. */
export interface OperatorFiles {
  pkcs12: string;
  password: string;
  certificate: string;
  key: string;
}

/**
 * Issues an operator's certificate and writes its files (0600). Nothing is overwritten.
 * @param register called with the certificate before the last file is there; if it throws, the files are taken back
 * @throws PkiError `exists`, `name`, `days`, `authority`; what `register` throws
 */
export async function makeOperatorFiles(
  paths: AuthorityPaths,
  order: { name: string; days: number; now: number; directory?: string },
  register: (issued: IssuedX509) => Promise<void>,
): Promise<{ issued: IssuedX509; files: OperatorFiles }> {
  const authority = openAuthority(paths);
  const issued = await issueOperatorCertificate(authority, order);
  const directory = order.directory ?? paths.operators;
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const base = join(directory, order.name);
  const files: OperatorFiles = {
    pkcs12: `${base}.p12`,
    password: `${base}.p12.password`,
    certificate: `${base}.pem`,
    key: `${base}.key`,
  };
  const password = randomBytes(12).toString('base64url');
  const contents = await toPkcs12({
    ...issued,
    authorityPem: authority.certificatePem,
    friendlyName: `${order.name} at RankedServer`,
    password,
  });
  const written: string[] = [];
  try {
    for (const [path, text] of [
      [files.pkcs12, contents],
      [files.password, `${password}\n`],
      [files.key, issued.privateKeyPem],
      [files.certificate, issued.certificatePem],
    ] as const) {
      writeNew(path, text);
      written.push(path);
    }
    await register(issued);
  } catch (error) {
    for (const path of written) fs.rmSync(path, { force: true });
    throw error;
  }
  return { issued, files };
}

function readServer(paths: AuthorityPaths): (KeyedCertificate & { expiresAt: number }) | undefined {
  const certificatePem = readIfThere(paths.serverCertificate);
  if (certificatePem === undefined || !fs.existsSync(paths.serverKey)) return undefined;
  try {
    const { validTo } = new X509Certificate(certificatePem);
    return { certificatePem, privateKeyPem: readText(paths.serverKey), expiresAt: Date.parse(validTo) };
  } catch (error) {
    if (error instanceof CertError) throw error;
    return undefined;
  }
}

function fits(
  present: KeyedCertificate & { expiresAt: number },
  paths: AuthorityPaths,
  names: readonly string[],
  now: number,
): boolean {
  const certificate = new X509Certificate(present.certificatePem);
  const authority = readIfThere(paths.certificate);
  return (
    present.expiresAt - now > RENEW_BEFORE_MS &&
    authority !== undefined &&
    certificate.verify(new X509Certificate(authority).publicKey) &&
    names.every(
      (name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined,
    )
  );
}

function writeNew(path: string, contents: Uint8Array | string): void {
  try {
    writeSecretFile(path, contents);
  } catch (error) {
    if (error instanceof CertError && error.code === 'exists') throw new PkiError('exists', error.message);
    throw error;
  }
}

/** All of it is written with mode 0600, and read again under the same rule. */
function readText(path: string): string {
  return Buffer.from(readSecretFile(path, MAX_FILE)).toString('utf8');
}

function readIfThere(path: string): string | undefined {
  return fs.existsSync(path) ? readText(path) : undefined;
}
