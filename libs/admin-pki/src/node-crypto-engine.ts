import { createHmac, hash } from 'node:crypto';
import * as pkijs from 'pkijs';

/** Bytes that SHA-256 takes at a time (`v` of RFC 7292 appendix B.2). */
const BLOCK = 64;
/** What the key is for: a MAC (RFC 7292 appendix B.3). */
const MAC_KEY = 3;

/**
 * The engine of pkijs with the MAC over a PKCS #12 file by Node's own SHA-256: pkijs derives its key in JavaScript, which takes most
 * of the time that such a file needs.
 */
export class NodeCryptoEngine extends pkijs.CryptoEngine {
  /** @throws TypeError for another hash than SHA-256 */
  override async stampDataWithPassword(
    parameters: pkijs.CryptoEngineStampDataWithPasswordParams,
  ): Promise<ArrayBuffer> {
    const { password, salt, iterationCount, contentToStamp, hashAlgorithm } = parameters;
    if (hashAlgorithm !== 'SHA-256') throw new TypeError(`no MAC is made with ${hashAlgorithm}`);
    const text = Buffer.from(password).toString('utf8');
    const mac = createHmac('sha256', macKey(text, new Uint8Array(salt), iterationCount))
      .update(new Uint8Array(contentToStamp))
      .digest();
    return new Uint8Array(mac).buffer;
  }
}

/** RFC 7292 appendix B.2 with SHA-256. The key is as long as one hash, so the blocks after the first are not needed. */
function macKey(password: string, salt: Uint8Array, iterations: number): Uint8Array {
  const bigEndian = Buffer.from(`${password}\0`, 'utf16le').swap16();
  let value = Buffer.concat([Buffer.alloc(BLOCK, MAC_KEY), filled(salt), filled(bigEndian)]);
  for (let round = 0; round < iterations; round++) value = hash('sha256', value, 'buffer');
  return value;
}

/** Whole blocks of copies of `bytes`; the last copy may be cut. */
function filled(bytes: Uint8Array): Buffer {
  return Buffer.alloc(BLOCK * Math.ceil(bytes.length / BLOCK), bytes);
}
