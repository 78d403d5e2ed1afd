import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { StoreError } from './store-error.js';

const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const VERSION = 1;

/**
 * Seals secrets before they reach the database: AES-256-GCM under the database key, a fresh random
 * nonce each time, and the row as associated data, so a ciphertext that was copied to another row or
 * table does not open there. Text form: base64url of `version ‖ nonce ‖ tag ‖ ciphertext`.
 */
export class Sealer {
  readonly #key: Buffer;
  readonly #derivationKey: Buffer;

  /** @param databaseKey 32 bytes; anything else is StoreError `invalid_value`. */
  constructor(databaseKey: Uint8Array) {
    if (databaseKey.length !== 32) {
      throw new StoreError('invalid_value', `databaseKey must have 32 bytes, it has ${databaseKey.length}`);
    }
    this.#key = Buffer.from(databaseKey);
    // A key of its own for derive(): the AES key is used for nothing but AES.
    this.#derivationKey = Buffer.from(hkdfSync('sha256', this.#key, '', 'ranked store derive', 32));
  }

  /** Seals `plaintext` for one row. Twice the same input gives two different texts. */
  seal(table: string, rowId: string, plaintext: Uint8Array): string {
    const nonce = randomBytes(NONCE_LENGTH);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_LENGTH });
    cipher.setAAD(associatedData(table, rowId));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext]).toString('base64url');
  }

  /**
   * Opens what `seal` made for the same table and row.
   * @throws StoreError `sealed_value` when the text is damaged, from another row, or under another key
   */
  open(table: string, rowId: string, sealed: string): Buffer {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < 1 + NONCE_LENGTH + TAG_LENGTH || bytes[0] !== VERSION) throw unopened(table);
    const nonce = bytes.subarray(1, 1 + NONCE_LENGTH);
    const tag = bytes.subarray(1 + NONCE_LENGTH, 1 + NONCE_LENGTH + TAG_LENGTH);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAAD(associatedData(table, rowId));
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([
        decipher.update(bytes.subarray(1 + NONCE_LENGTH + TAG_LENGTH)),
        decipher.final(),
      ]);
    } catch {
      throw unopened(table);
    }
  }

  /**
   * 32 bytes that depend on the database key, a purpose and an id, and are the same at every call.
   * For tokens that must survive a crash without being stored.
   */
  derive(purpose: string, id: string): Buffer {
    return createHmac('sha256', this.#derivationKey)
      .update(JSON.stringify([purpose, id]))
      .digest();
  }
}

function associatedData(table: string, rowId: string): Buffer {
  return Buffer.from(`${table}:${rowId}`, 'utf8');
}

function unopened(table: string): StoreError {
  return new StoreError(
    'sealed_value',
    `a sealed value in table ${table} does not open under this key and row`,
  );
}
