import { timingSafeEqual } from 'node:crypto';
import { uuidFromBytes } from '@ranked/cert';

import { signMessage, type MasterIdentity } from '../ed25519.js';
import { ProtocolError } from '../errors.js';
import type { Frame } from '../frame.js';
import { HEADER_LENGTH, HELLO_PAYLOAD, MAX_DRIFT_MS } from '../frame-format.js';
import {
  challengeMacKey,
  channelKeys,
  handshakeSecret,
  hashFrame,
  sessionSecret,
  transcriptHash,
} from '../key-schedule.js';
import { MacKey } from '../mac-key.js';
import { MsgType } from '../msg-type.js';
import { ROLE, type Service } from '../service.js';
import { Session, type DecodeMessage, type SessionSettings } from '../session.js';
import { ephemeralKey, sharedSecret, X25519_LENGTH } from '../x25519.js';
import { certificateRefusal, certificateUuid } from './certificate-check.js';
import { challengeMessage, encodeChallenge, GO_ON, setSignature } from './challenge.js';
import type { ChallengeCache } from './challenge-cache.js';
import {
  CHALLENGE_LENGTH,
  clearFrame,
  labelledKey,
  requireClearFrame,
  type RandomSource,
} from './clear-frame.js';
import { TICKET_ID_LENGTH } from './credential.js';
import { decodeHello, VERSION, type HelloBody } from './hello.js';
import { RefusalStatus } from './refusal.js';

/**
 * Where a handshake stands at the master. The last three are final.
 *
 *     await-hello ─onHello()→ await-credential ─answer()→ await-finish ─onFinish()→ established
 *                                                      └→ refused            any throw → failed
 */
export type MasterHandshakeState =
  'await-hello' | 'await-credential' | 'await-finish' | 'established' | 'refused' | 'failed';

/** What a master's handshake is made of. One object serves every connection of a door. */
export interface MasterHandshakeOptions<T> extends SessionSettings {
  readonly service: Service;
  readonly identity: MasterIdentity;
  /** One for all doors of the master. */
  readonly challenges: ChallengeCache;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly random: RandomSource;
  /** The schema step of the session's messages, client to master. */
  readonly decode: DecodeMessage<T>;
}

/** What a HELLO names, not yet proven. */
export interface HelloRequest {
  /** 16 bytes: the certificate's UUID or the ticket's id. */
  readonly credentialId: Buffer;
  /** The same as text: a canonical lower-case UUID, or 32 hexadecimal digits. */
  readonly id: string;
}

/** What the master's database knows of a credential. */
export interface KnownCredential {
  /** 32 bytes: the certificate's secret, or the ticket's key (`ticketAuthKey`). */
  readonly auth: Uint8Array;
  readonly revoked: boolean;
  /** When a ticket ends, Unix ms, exclusive. A certificate's dates are read from the certificate itself. */
  readonly expiresAt?: number | undefined;
  /** Whether the account behind the credential is banned. */
  readonly banned?: boolean | undefined;
}

/** Why the master takes nobody at present. */
export interface MasterLoad {
  readonly maintenance: boolean;
  readonly full: boolean;
}

/** The frame that answers a HELLO. After a refusal the connection is closed. */
export type HelloAnswer =
  | { readonly kind: 'challenge'; readonly bytes: Buffer }
  | { readonly kind: 'refusal'; readonly status: RefusalStatus; readonly bytes: Buffer };

/** What the master has when FINISH has passed. */
export interface MasterEstablished<T> {
  readonly session: Session<T>;
  /** The READY frame. */
  readonly bytes: Buffer;
}

/** Stands in for the secret of an unknown id, so that it costs what a wrong HMAC costs. It opens nothing. */
const DUMMY_AUTH = Buffer.alloc(32);

/** HELLO as it waits for the database. */
interface PendingHello {
  readonly frame: Frame;
  readonly body: HelloBody;
}

/** FINISH as it is expected. */
interface PendingFinish<T> {
  readonly session: Session<T>;
  readonly transcript: Buffer;
}

/**
 * The master's side of the handshake: frames in, frames out, one call per step, the caller's database look-up
 * between the first two. Whatever throws is answered with silence: the connection is closed and the code counted.
 */
export class MasterHandshake<T> {
  readonly #options: MasterHandshakeOptions<T>;
  #state: MasterHandshakeState = 'await-hello';
  #hello: PendingHello | undefined;
  #finish: PendingFinish<T> | undefined;

  constructor(options: MasterHandshakeOptions<T>) {
    this.#options = options;
  }

  /** Where it stands. */
  get state(): MasterHandshakeState {
    return this.#state;
  }

  /** Takes HELLO as far as its form. Throws `length`, `schema` (type), `credential` (role or padding), `state`. */
  onHello(frame: Frame): HelloRequest {
    this.#enter('await-hello');
    requireClearFrame(frame, MsgType.Hello, HELLO_PAYLOAD);
    const body = decodeHello(frame.bytes);
    const { service } = this.#options;
    if (body.role !== ROLE[service]) throw new ProtocolError('credential', `HELLO is not for ${service}`);
    const request = service === 'S2S' ? certificateRequest(body) : ticketRequest(body);
    this.#hello = { frame, body };
    this.#state = 'await-credential';
    return request;
  }

  /**
   * Answers the HELLO in the order of the protocol: HMAC · version and flags (5) · drift (1) · replay · certificate
   * or ticket (4, 3, 2) · ban (7) · maintenance (6) · full (8) · key exchange and signature.
   * @param known what the database has under the id, or undefined for an unknown one
   * @throws `hmac`, `credential` (unknown id), `hello-replay`, `key-exchange`, `state`
   */
  answer(known: KnownCredential | undefined, load: MasterLoad): HelloAnswer {
    this.#enter('await-credential');
    const { frame, body } = this.#hello as PendingHello;
    this.#hello = undefined;
    const auth = new MacKey(known?.auth ?? DUMMY_AUTH);
    const verified = new MacKey(labelledKey(auth, 'hello', this.#options.service)).verifyClear(frame.bytes);
    if (!known) throw new ProtocolError('credential', 'the credential is not known');
    if (!verified) throw new ProtocolError('hmac', 'the HMAC of HELLO is wrong');

    const nowMs = this.#options.now();
    const helloHash = hashFrame(frame.bytes);
    const status = this.#refusal(frame, body, known, load, nowMs);
    if (status !== undefined) {
      this.#state = 'refused';
      return { kind: 'refusal', status, bytes: this.#refuse(auth, helloHash, status, nowMs) };
    }
    const bytes = this.#challenge(auth, body, helloHash, nowMs);
    this.#state = 'await-finish';
    return { kind: 'challenge', bytes };
  }

  /**
   * Takes FINISH: the peer has proven itself. Returns the session and the READY frame around `ready`.
   * @param ready the JSON of READY
   * @throws what `Session.open` throws, and `state`
   */
  onFinish(frame: Frame, ready: Uint8Array): MasterEstablished<T> {
    this.#enter('await-finish');
    const { session, transcript } = this.#finish as PendingFinish<T>;
    this.#finish = undefined;
    session.openHandshake(MsgType.Finish, frame, (plaintext) => {
      if (plaintext.length !== transcript.length || !timingSafeEqual(plaintext, transcript)) {
        throw new ProtocolError('schema', 'FINISH does not hold the transcript hash');
      }
    });
    const bytes = session.sealHandshake(MsgType.Ready, ready);
    this.#state = 'established';
    return { session, bytes };
  }

  /** The first reason to refuse, after the HMAC was found right. Throws `hello-replay`. */
  #refusal(
    frame: Frame,
    body: HelloBody,
    known: KnownCredential,
    load: MasterLoad,
    nowMs: number,
  ): RefusalStatus | undefined {
    const { service, challenges, identity, maxDriftMs = MAX_DRIFT_MS } = this.#options;
    if (body.version !== VERSION || body.flags !== 0) return RefusalStatus.Version;
    if (Math.abs(frame.timestampMs - nowMs) > maxDriftMs) return RefusalStatus.ClockDiffers;
    if (!challenges.add(body.clientChallenge))
      throw new ProtocolError('hello-replay', 'this HELLO was seen before');
    const status =
      service === 'S2S'
        ? certificateRefusal(body.credential, known.auth, known.revoked, identity.publicKey, nowMs)
        : ticketRefusal(known, nowMs);
    if (status !== undefined) return status;
    if (known.banned) return RefusalStatus.Banned;
    if (load.maintenance) return RefusalStatus.Maintenance;
    return load.full ? RefusalStatus.Full : undefined;
  }

  #refuse(auth: MacKey, helloHash: Buffer, status: RefusalStatus, nowMs: number): Buffer {
    const frame = this.#challengeFrame(helloHash, status, undefined, nowMs);
    new MacKey(labelledKey(auth, 'refuse', this.#options.service)).signClear(frame);
    return frame;
  }

  #challenge(auth: MacKey, body: HelloBody, helloHash: Buffer, nowMs: number): Buffer {
    const { random, service } = this.#options;
    const nonceHalf = random(CHALLENGE_LENGTH - X25519_LENGTH);
    const ephemeral = ephemeralKey(random(X25519_LENGTH));
    const serverResponse = Buffer.concat([nonceHalf, ephemeral.publicKey], CHALLENGE_LENGTH);
    const shared = sharedSecret(ephemeral.privateKey, body.clientChallenge.subarray(-X25519_LENGTH));
    const frame = this.#challengeFrame(helloHash, GO_ON, serverResponse, nowMs);
    const transcript = transcriptHash(service, helloHash, hashFrame(frame));
    const ks = sessionSecret(auth, body.clientChallenge, serverResponse);
    const prk = new MacKey(handshakeSecret(ks, shared, transcript));
    challengeMacKey(prk).signClear(frame);
    const session = new Session<T>({ ...this.#options, side: 'master', keys: channelKeys(prk) });
    this.#finish = { session, transcript };
    return frame;
  }

  /** A signed CHALLENGE whose HMAC is still to be written. */
  #challengeFrame(
    helloHash: Buffer,
    status: number,
    serverResponse: Buffer | undefined,
    nowMs: number,
  ): Buffer {
    const { service, identity, random } = this.#options;
    const frame = clearFrame(
      MsgType.Challenge,
      encodeChallenge(status, serverResponse, nowMs),
      nowMs,
      random,
    );
    const body = frame.subarray(HEADER_LENGTH);
    setSignature(body, signMessage(identity, challengeMessage(service, helloHash, body)));
    return frame;
  }

  /** Leaves a state that the call belongs to. Until it has succeeded the handshake counts as failed. */
  #enter(state: MasterHandshakeState): void {
    if (this.#state !== state) {
      throw new ProtocolError('state', `the handshake is in ${this.#state}, not in ${state}`);
    }
    this.#state = 'failed';
  }
}

function certificateRequest(body: HelloBody): HelloRequest {
  const credentialId = certificateUuid(body.credential);
  return { credentialId, id: uuidFromBytes(credentialId) };
}

function ticketRequest(body: HelloBody): HelloRequest {
  if (body.credential.subarray(TICKET_ID_LENGTH).some((byte) => byte !== 0)) {
    throw new ProtocolError('credential', 'the padding of a ticket credential is not zero');
  }
  const credentialId = body.credential.subarray(0, TICKET_ID_LENGTH);
  return { credentialId, id: credentialId.toString('hex') };
}

function ticketRefusal(known: KnownCredential, nowMs: number): RefusalStatus | undefined {
  if (known.revoked) return RefusalStatus.Revoked;
  return known.expiresAt !== undefined && nowMs >= known.expiresAt ? RefusalStatus.Expired : undefined;
}
