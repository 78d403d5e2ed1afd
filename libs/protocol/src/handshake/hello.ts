import { HEADER_LENGTH, HELLO_PAYLOAD } from '../frame-format.js';
import { ROLE, type Service } from '../service.js';
import { CHALLENGE_LENGTH } from './clear-frame.js';

/*
 * The body of HELLO:
 *
 *   0  version u8 │ 1  role u8 │ 2  flags u16 │ 4  client_challenge 64 │ 68  credential 101
 */
const FLAGS_OFFSET = 2;
const CLIENT_CHALLENGE_OFFSET = 4;
const CREDENTIAL_OFFSET = 68;

/** The one version of the protocol. */
export const VERSION = 1;
/** Bytes of a credential, of either service. */
export const CREDENTIAL_LENGTH = HELLO_PAYLOAD - CREDENTIAL_OFFSET;

/** The members of a HELLO, as views of its frame. */
export interface HelloBody {
  readonly version: number;
  readonly role: number;
  readonly flags: number;
  readonly clientChallenge: Buffer;
  readonly credential: Buffer;
}

/** The 169 bytes of a HELLO body. */
export function encodeHello(service: Service, clientChallenge: Uint8Array, credential: Uint8Array): Buffer {
  const body = Buffer.alloc(HELLO_PAYLOAD);
  body[0] = VERSION;
  body[1] = ROLE[service];
  body.set(clientChallenge, CLIENT_CHALLENGE_OFFSET);
  body.set(credential, CREDENTIAL_OFFSET);
  return body;
}

/** The members of a HELLO frame whose length was checked. */
export function decodeHello(frame: Buffer): HelloBody {
  const body = frame.subarray(HEADER_LENGTH);
  return {
    version: body.readUInt8(0),
    role: body.readUInt8(1),
    flags: body.readUInt16LE(FLAGS_OFFSET),
    clientChallenge: body.subarray(CLIENT_CHALLENGE_OFFSET, CLIENT_CHALLENGE_OFFSET + CHALLENGE_LENGTH),
    credential: body.subarray(CREDENTIAL_OFFSET),
  };
}
