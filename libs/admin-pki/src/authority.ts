import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { requireDays, requireOperatorName } from './certificate-name.js';
import { KEY_ALGORITHM, keyPairOf, newKeyPair, privateKeyPem } from './key-pair.js';
import { PkiError } from './pki-error.js';

x509.cryptoProvider.set(crypto);

const DAY_MS = 86_400_000;
/** A certificate begins a little before now: the browser's clock may be behind. */
const BACKDATED_MS = 5 * 60_000;
const AUTHORITY_DAYS = 3_650;
/** The longest life that Apple's TLS takes for a server certificate, even of an authority of one's own. */
const SERVER_DAYS = 397;
/** Longest life of an operator's certificate. */
export const MAX_OPERATOR_DAYS = 365;

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** A certificate and its private key, both PEM. */
export interface KeyedCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

/** What is known of a certificate that was issued. */
export interface IssuedX509 extends KeyedCertificate {
  /** Lower-case hexadecimal, as TLS shows it. */
  serial: string;
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds; valid before it. */
  expiresAt: number;
}

/**
 * A new authority that signs itself. It can sign certificates of servers and clients, and no further authority.
 * @param now Unix ms
 */
export async function createAuthority(now: number): Promise<KeyedCertificate> {
  const keys = await newKeyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: ['RankedServer dashboard authority'] }],
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: KEY_ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem: await privateKeyPem(keys.privateKey),
  };
}

/**
 * A certificate for the dashboard's own listener, for server use alone.
 * @param names host names and IP addresses it is reached under
 * @param now Unix ms
 * @throws PkiError `authority`
 */
export function issueServerCertificate(
  authority: KeyedCertificate,
  { names, now }: { names: readonly string[]; now: number },
): Promise<IssuedX509> {
  const alternatives = names.map((name) =>
    isIP(name) === 0 ? { type: 'dns' as const, value: name } : { type: 'ip' as const, value: name },
  );
  return issue(authority, {
    commonName: 'RankedServer dashboard',
    usage: SERVER_AUTH,
    days: SERVER_DAYS,
    now,
    extensions: [new x509.SubjectAlternativeNameExtension(alternatives)],
  });
}

/**
 * A certificate for an operator, for client use alone.
 * @param now Unix ms
 * @throws PkiError `name`, `days`, `authority`
 */
export async function issueOperatorCertificate(
  authority: KeyedCertificate,
  { name, days, now }: { name: string; days: number; now: number },
): Promise<IssuedX509> {
  const commonName = requireOperatorName(name);
  return issue(authority, {
    commonName,
    usage: CLIENT_AUTH,
    days: requireDays(days, MAX_OPERATOR_DAYS),
    now,
    extensions: [],
  });
}

interface Order {
  commonName: string;
  usage: string;
  days: number;
  now: number;
  extensions: x509.Extension[];
}

async function issue(authority: KeyedCertificate, order: Order): Promise<IssuedX509> {
  const { certificate: issuer, signingKey } = await opened(authority);
  const keys = await newKeyPair();
  const serialNumber = newSerial();
  // X.509 has whole seconds: cut here, so that what is stored is what the certificate says.
  const notBefore = new Date(Math.floor((order.now - BACKDATED_MS) / 1000) * 1000);
  const notAfter = new Date(Math.floor((order.now + order.days * DAY_MS) / 1000) * 1000);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber,
    issuer: issuer.subjectName,
    subject: [{ CN: [order.commonName] }],
    notBefore,
    notAfter,
    signingAlgorithm: KEY_ALGORITHM,
    signingKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([order.usage], true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...order.extensions,
    ],
  });
  return {
    serial: serialNumber,
    issuedAt: notBefore.getTime() / 1000,
    expiresAt: notAfter.getTime() / 1000,
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKeyPem: await privateKeyPem(keys.privateKey),
  };
}

async function opened(
  authority: KeyedCertificate,
): Promise<{ certificate: x509.X509Certificate; signingKey: CryptoKey }> {
  try {
    const { privateKey } = await keyPairOf(authority.privateKeyPem);
    return { certificate: new x509.X509Certificate(authority.certificatePem), signingKey: privateKey };
  } catch (error) {
    throw new PkiError('authority', "the authority's certificate or key cannot be read", { cause: error });
  }
}

/** 16 random bytes; the first digit is 4 to 7, so that the number is positive and every writer shows 32 digits. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
