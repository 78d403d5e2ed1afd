import { createSecretKey, hash, type KeyObject } from 'node:crypto';

import { HMAC_OFFSET, NONCE_OFFSET } from './frame-format.js';
import { MacKey } from './mac-key.js';
import type { Direction, Service } from './service.js';

/** Bytes of every secret and key here but `iv`. */
const KEY_LENGTH = 32;
const IV_LENGTH = 4;

/** The keys of one direction, from one REKEY to the next. */
export interface DirectionKeys {
  readonly direction: Direction;
  /** AES-256-GCM key. */
  readonly enc: KeyObject;
  readonly mac: MacKey;
  /** The fixed four bytes of each nonce, as the u32 that stands there. */
  readonly iv: number;
  /** What the direction's next keys are expanded from, 32 bytes. */
  readonly next: Uint8Array;
}

/** What a handshake ends with. */
export interface ChannelKeys {
  readonly c2s: DirectionKeys;
  readonly s2c: DirectionKeys;
}

/**
 * HKDF-Expand with SHA-256 (RFC 5869 §2.3) for at most one block, which is all that is asked here.
 * @param prk the pseudorandom key
 * @param length bytes wanted, 0 … 32
 */
export function expand(prk: MacKey, info: string, length: number): Buffer {
  return prk.sign(Buffer.from(`${info}\x01`, 'latin1')).subarray(0, length);
}

/** SHA-256 of a frame less its `hmac` field, 32 bytes. */
export function hashFrame(frame: Buffer): Buffer {
  return sha256(frame.subarray(0, HMAC_OFFSET), frame.subarray(NONCE_OFFSET));
}

/** SHA-256 of all parts, 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.from(hash('sha256', Buffer.concat(parts), 'binary'), 'latin1');
}

/**
 * The transcript hash that FINISH carries.
 * @param helloHash SHA-256 of the HELLO frame less its hmac
 * @param challengeHash SHA-256 of the CHALLENGE frame less its hmac
 */
export function transcriptHash(service: Service, helloHash: Uint8Array, challengeHash: Uint8Array): Buffer {
  return sha256(Buffer.from(`ranked v1 transcript ${service}`, 'latin1'), helloHash, challengeHash);
}

/**
 * `ks` of the key schedule, 32 bytes.
 * @param auth the 32-byte secret that both ends hold
 * @param clientChallenge 64 bytes: 32 random ‖ X25519 public key
 * @param serverResponse 64 bytes: 32 random ‖ X25519 public key
 */
export function sessionSecret(auth: MacKey, clientChallenge: Uint8Array, serverResponse: Uint8Array): Buffer {
  return auth.sign(clientChallenge, serverResponse);
}

/**
 * `prk` of the key schedule, 32 bytes: everything below is expanded from it.
 * @param ks see `sessionSecret`
 * @param shared X25519 of the two ephemeral keys, 32 bytes
 * @param transcript see `transcriptHash`
 */
export function handshakeSecret(ks: Uint8Array, shared: Uint8Array, transcript: Uint8Array): Buffer {
  return new MacKey(ks).sign(shared, transcript);
}

/** The key of the HMAC in a CHALLENGE that goes on. */
export function challengeMacKey(prk: MacKey): MacKey {
  return new MacKey(expand(prk, 'ranked v1 challenge mac', KEY_LENGTH));
}

/** The first keys of both directions. */
export function channelKeys(prk: MacKey): ChannelKeys {
  return { c2s: directionKeys(prk, 'c2s'), s2c: directionKeys(prk, 's2c') };
}

/** The keys of a direction after its REKEY. */
export function nextKeys(present: DirectionKeys): DirectionKeys {
  return directionKeys(new MacKey(present.next), present.direction);
}

function directionKeys(prk: MacKey, direction: Direction): DirectionKeys {
  const label = `ranked v1 ${direction}`;
  return {
    direction,
    enc: createSecretKey(expand(prk, `${label} enc`, KEY_LENGTH)),
    mac: new MacKey(expand(prk, `${label} mac`, KEY_LENGTH)),
    iv: expand(prk, `${label} iv`, IV_LENGTH).readUInt32LE(0),
    // Copied: what `expand` returns may be a slice of a larger block, which an idle connection would keep alive.
    next: new Uint8Array(expand(prk, `${label} next`, KEY_LENGTH)),
  };
}
