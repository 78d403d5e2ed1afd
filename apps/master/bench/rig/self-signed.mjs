/** A throw-away TLS certificate, made in memory with node:crypto alone (X.509 v3, RFC 5280; DER, X.690). */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts) => der(0x30, ...parts);
const oid = (hex) => der(0x06, Buffer.from(hex, 'hex'));
const utcTime = (ms) =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

/** Signature algorithm, and what makes its key. */
const KINDS = {
  Ed25519: { algorithm: oid('2b6570'), hash: null, make: () => generateKeyPairSync('ed25519') },
  'P-256': {
    algorithm: oid('2a8648ce3d040302'),
    hash: 'sha256',
    make: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  },
};

/**
 * @param {'Ed25519' | 'P-256'} kind
 * @returns {{ key: string, cert: string }} PEM, for the name localhost, valid for a day
 */
export function selfSigned(kind) {
  const { algorithm, hash, make } = KINDS[kind];
  const { privateKey, publicKey } = make();
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from('localhost')))));
  const alternative = sequence(oid('551d11'), der(0x04, sequence(der(0x82, Buffer.from('localhost')))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    sequence(algorithm),
    name,
    sequence(utcTime(Date.now() - 3_600_000), utcTime(Date.now() + 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternative)),
  );
  const signature = der(0x03, Buffer.from([0]), sign(hash, body, privateKey));
  const base64 = sequence(body, sequence(algorithm), signature).toString('base64');
  const cert = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert };
}
