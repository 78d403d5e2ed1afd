import { createPrivateKey, type KeyObject } from 'node:crypto';
import { masterKeyId } from '@ranked/cert';
import { readMasterKey, type MasterKey } from '@ranked/cert/files';

/** PKCS #8 wrapping of an Ed25519 seed (RFC 8410 §7): everything before the 32 bytes themselves. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key that signs certificates and challenges, in the forms in which it is used. */
export interface MasterKeyPair {
  /** Ed25519, for `crypto.sign`. */
  privateKey: KeyObject;
  /** 32 bytes. */
  publicKey: Buffer;
  /** What `settings.master_key_id` in the database names it by. */
  keyId: string;
}

/**
 * The present master key. `certtool rotate-master` writes another key file and another id into the
 * database; who sees that id change calls {@link reloadIfChanged}.
 */
export class MasterKeys {
  private pair: MasterKeyPair;

  /** @throws CertError, or an error of `node:fs`, if the key file cannot be used */
  constructor(readonly path: string) {
    this.pair = toKeyPair(readMasterKey(path));
  }

  /** The key in use. Ask each time: it may be another one after a rotation. */
  current(): MasterKeyPair {
    return this.pair;
  }

  /**
   * Reads the key file again if the database names another key than the one in use.
   * @param keyId `settings.master_key_id`
   * @returns true if another key is in use now. False if `keyId` is the one in use, or if the file does not hold the key
   *   of that id (yet): then the present key stays.
   * @throws CertError, or an error of `node:fs`, if the key file cannot be used; the present key stays
   */
  reloadIfChanged(keyId: string): boolean {
    if (keyId === this.pair.keyId) return false;
    const next = toKeyPair(readMasterKey(this.path));
    if (next.keyId !== keyId) return false;
    this.pair = next;
    return true;
  }
}

function toKeyPair({ seed, publicKey }: MasterKey): MasterKeyPair {
  return {
    privateKey: createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' }),
    publicKey: Buffer.from(publicKey),
    keyId: masterKeyId(publicKey),
  };
}
