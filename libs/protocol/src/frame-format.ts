/*
 * The layout of a frame:
 *
 *   0  payload_len u32 │ 4  hmac 32 │ 36  nonce 12 = iv 4 ‖ counter u64 │ 48  msg_type u8 │ 49  timestamp_ms u64 │ 57  payload
 *
 * All integers are little-endian. `payload_len` counts the bytes after the header, the GCM tag among them.
 */
export const HMAC_OFFSET = 4;
export const HMAC_LENGTH = 32;
export const NONCE_OFFSET = 36;
export const NONCE_LENGTH = 12;
export const COUNTER_OFFSET = 40;
export const TYPE_OFFSET = 48;
export const TIMESTAMP_OFFSET = 49;

/** Bytes before the payload. */
export const HEADER_LENGTH = 57;
/** Bytes of the AES-GCM tag at the end of a sealed payload. */
export const TAG_LENGTH = 16;
/** Largest plaintext of one frame, in bytes. */
export const MAX_PLAINTEXT = 65_536;
/** Largest `payload_len`: the largest plaintext and its tag. */
export const MAX_PAYLOAD = MAX_PLAINTEXT + TAG_LENGTH;
/** `payload_len` of HELLO, exactly. */
export const HELLO_PAYLOAD = 169;
/** `payload_len` of CHALLENGE, exactly. */
export const CHALLENGE_PAYLOAD = 140;
/** `payload_len` of FINISH, exactly: the 32-byte transcript hash and the tag. */
export const FINISH_PAYLOAD = 48;

/** How far a frame's `timestamp_ms` may lie from the receiver's clock, inclusive. */
export const MAX_DRIFT_MS = 120_000;

/** 2^32, the weight of the upper half of a u64 that is read or written as two u32. */
const TWO_32 = 4_294_967_296;

/**
 * Reads a u64 as a number. Above 2^53 the value is rounded, which no check here minds: such a time is out of
 * the drift and such a counter is out of order either way.
 */
export function readU64(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * TWO_32;
}

/** Writes a whole number in 0 … 2^53 as a u64. */
export function writeU64(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32LE(value >>> 0, offset);
  bytes.writeUInt32LE(Math.floor(value / TWO_32), offset + 4);
}

/** A Buffer over the same memory, whatever kind of byte array came in. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
