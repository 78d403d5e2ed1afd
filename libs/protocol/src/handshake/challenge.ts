import { CHALLENGE_PAYLOAD, HEADER_LENGTH, readU64, writeU64 } from '../frame-format.js';
import type { Service } from '../service.js';
import { CHALLENGE_LENGTH } from './clear-frame.js';
import { VERSION } from './hello.js';

/*
 * The body of CHALLENGE:
 *
 *   0  version u8 │ 1  status u8 │ 2  flags u16 │ 4  server_response 64 │ 68  server_time u64 ms │ 76  signature 64
 */
const STATUS_OFFSET = 1;
const FLAGS_OFFSET = 2;
const SERVER_RESPONSE_OFFSET = 4;
const SERVER_TIME_OFFSET = 68;
const SIGNATURE_OFFSET = 76;

/** `status` of a CHALLENGE that goes on. */
export const GO_ON = 0;

/** The members of a CHALLENGE, as views of its frame. */
export interface ChallengeBody {
  readonly version: number;
  readonly status: number;
  readonly flags: number;
  readonly serverResponse: Buffer;
  /** The master's clock, Unix ms. */
  readonly serverTime: number;
  /** The bytes of the body that are signed. */
  readonly signedPart: Buffer;
  readonly signature: Buffer;
}

/** A CHALLENGE body whose signature is still to be written; a refusal has no `serverResponse`. */
export function encodeChallenge(
  status: number,
  serverResponse: Uint8Array | undefined,
  serverTime: number,
): Buffer {
  const body = Buffer.alloc(CHALLENGE_PAYLOAD);
  body[0] = VERSION;
  body[STATUS_OFFSET] = status;
  if (serverResponse) body.set(serverResponse, SERVER_RESPONSE_OFFSET);
  writeU64(body, serverTime, SERVER_TIME_OFFSET);
  return body;
}

/** Writes the signature into a body. */
export function setSignature(body: Buffer, signature: Uint8Array): void {
  body.set(signature, SIGNATURE_OFFSET);
}

/** The members of a CHALLENGE frame whose length was checked. */
export function decodeChallenge(frame: Buffer): ChallengeBody {
  const body = frame.subarray(HEADER_LENGTH);
  return {
    version: body.readUInt8(0),
    status: body.readUInt8(STATUS_OFFSET),
    flags: body.readUInt16LE(FLAGS_OFFSET),
    serverResponse: body.subarray(SERVER_RESPONSE_OFFSET, SERVER_RESPONSE_OFFSET + CHALLENGE_LENGTH),
    serverTime: readU64(body, SERVER_TIME_OFFSET),
    signedPart: body.subarray(0, SIGNATURE_OFFSET),
    signature: body.subarray(SIGNATURE_OFFSET),
  };
}

/**
 * What the master signs: the label, the service, the HELLO it answers, and bytes 0–75 of the body.
 * @param helloHash SHA-256 of the HELLO frame less its hmac
 */
export function challengeMessage(service: Service, helloHash: Uint8Array, body: Uint8Array): Buffer {
  const label = Buffer.from(`ranked v1 challenge ${service}`, 'latin1');
  return Buffer.concat([label, helloHash, body.subarray(0, SIGNATURE_OFFSET)]);
}
