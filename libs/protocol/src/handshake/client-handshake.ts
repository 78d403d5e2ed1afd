import { timingSafeEqual, type KeyObject } from 'node:crypto';

import { verifyMessage } from '../ed25519.js';
import { ProtocolError } from '../errors.js';
import type { Frame } from '../frame.js';
import { CHALLENGE_PAYLOAD } from '../frame-format.js';
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
import type { Service } from '../service.js';
import { Session, type DecodeMessage, type SessionSettings } from '../session.js';
import { ephemeralKey, sharedSecret, X25519_LENGTH, type EphemeralKey } from '../x25519.js';
import { challengeMessage, decodeChallenge, GO_ON, type ChallengeBody } from './challenge.js';
import {
  CHALLENGE_LENGTH,
  clearFrame,
  labelledKey,
  requireClearFrame,
  type RandomSource,
} from './clear-frame.js';
import { CREDENTIAL_LENGTH, encodeHello, VERSION } from './hello.js';
import { RefusedError } from './refusal.js';

/**
 * Where a client's handshake stands. `failed` is final, and so is `established`.
 *
 *     start ─hello()→ await-challenge ─onChallenge()→ await-ready ─onReady()→ established
 */
export type ClientHandshakeState = 'start' | 'await-challenge' | 'await-ready' | 'established' | 'failed';

/** What a client's handshake is made of; the settings are the session's. */
export interface ClientHandshakeOptions<T, R> extends SessionSettings {
  readonly service: Service;
  /** 32 bytes: the certificate's secret, or `ticketAuthKey(ticket)`. */
  readonly auth: Uint8Array;
  /** 101 bytes: `publicPart(certificate)` of @ranked/cert, or `ticketCredential(ticketId)`. */
  readonly credential: Uint8Array;
  /** The pinned key of the master (`masterPublicKey`). Without it the CHALLENGE's HMAC alone speaks for the master. */
  readonly masterKey?: KeyObject | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly random: RandomSource;
  /** The schema step of the session's messages, master to client. */
  readonly decode: DecodeMessage<T>;
  /** The schema step of READY; throws `ProtocolError('schema')`. */
  readonly decodeReady: (plaintext: Buffer) => R;
}

/** What a client has when READY has come. */
export interface ClientEstablished<T, R> {
  readonly session: Session<T>;
  readonly ready: R;
  /** The master's clock minus this one, in ms, as the CHALLENGE told it. */
  readonly clockDifferenceMs: number;
}

/** The client's side of the handshake: frames in, frames out, one call per step. */
export class ClientHandshake<T, R extends { readonly maxPayload: number }> {
  readonly #options: ClientHandshakeOptions<T, R>;
  readonly #auth: MacKey;
  #state: ClientHandshakeState = 'start';
  #ephemeral: EphemeralKey | undefined;
  #clientChallenge: Buffer | undefined;
  #helloHash: Buffer | undefined;
  #session: Session<T> | undefined;
  #clockDifferenceMs = 0;

  /** Throws `argument` for an `auth` or `credential` of the wrong length. */
  constructor(options: ClientHandshakeOptions<T, R>) {
    if (options.auth.length !== 32) throw new ProtocolError('argument', 'auth does not have 32 bytes');
    if (options.credential.length !== CREDENTIAL_LENGTH) {
      throw new ProtocolError('argument', `the credential does not have ${CREDENTIAL_LENGTH} bytes`);
    }
    this.#options = options;
    this.#auth = new MacKey(options.auth);
  }

  /** Where it stands. */
  get state(): ClientHandshakeState {
    return this.#state;
  }

  /** The HELLO frame. Throws `state` the second time. */
  hello(): Buffer {
    return this.#step('start', 'await-challenge', () => {
      const { service, random, now, credential } = this.#options;
      const nonceHalf = random(CHALLENGE_LENGTH - X25519_LENGTH);
      this.#ephemeral = ephemeralKey(random(X25519_LENGTH));
      this.#clientChallenge = Buffer.concat([nonceHalf, this.#ephemeral.publicKey], CHALLENGE_LENGTH);
      const frame = clearFrame(
        MsgType.Hello,
        encodeHello(service, this.#clientChallenge, credential),
        now(),
        random,
      );
      new MacKey(labelledKey(this.#auth, 'hello', service)).signClear(frame);
      this.#helloHash = hashFrame(frame);
      return frame;
    });
  }

  /**
   * Takes CHALLENGE and returns the FINISH frame. Throws `RefusedError` when the master refused, `length`, `schema`,
   * `hmac` (not somebody who knows `auth`), `signature` (not the pinned master), `key-exchange`, `state`.
   */
  onChallenge(frame: Frame): Buffer {
    return this.#step('await-challenge', 'await-ready', () => {
      requireClearFrame(frame, MsgType.Challenge, CHALLENGE_PAYLOAD);
      const challenge = decodeChallenge(frame.bytes);
      const clockDifferenceMs = challenge.serverTime - this.#options.now();
      if (challenge.status !== GO_ON) this.#refused(frame, challenge, clockDifferenceMs);

      const transcript = transcriptHash(
        this.#options.service,
        this.#helloHash as Buffer,
        hashFrame(frame.bytes),
      );
      const { privateKey } = this.#ephemeral as EphemeralKey;
      const shared = sharedSecret(privateKey, challenge.serverResponse.subarray(-X25519_LENGTH));
      const ks = sessionSecret(this.#auth, this.#clientChallenge as Buffer, challenge.serverResponse);
      const prk = new MacKey(handshakeSecret(ks, shared, transcript));
      this.#checkChallenge(frame, challenge, challengeMacKey(prk));

      this.#clockDifferenceMs = clockDifferenceMs;
      this.#ephemeral = undefined;
      const session = new Session<T>({ ...this.#options, side: 'client', keys: channelKeys(prk) });
      this.#session = session;
      return session.sealHandshake(MsgType.Finish, transcript);
    });
  }

  /** Takes READY; the session is open. Throws what `Session.open` throws, and `state`. */
  onReady(frame: Frame): ClientEstablished<T, R> {
    return this.#step('await-ready', 'established', () => {
      const session = this.#session as Session<T>;
      const ready = session.openHandshake(MsgType.Ready, frame, this.#options.decodeReady);
      session.limitPayload(ready.maxPayload);
      return { session, ready, clockDifferenceMs: this.#clockDifferenceMs };
    });
  }

  #refused(frame: Frame, challenge: ChallengeBody, clockDifferenceMs: number): never {
    const { service } = this.#options;
    this.#checkChallenge(frame, challenge, new MacKey(labelledKey(this.#auth, 'refuse', service)));
    if (!timingSafeEqual(challenge.serverResponse, Buffer.alloc(CHALLENGE_LENGTH))) {
      throw new ProtocolError('schema', 'a refusal brings a server response');
    }
    throw new RefusedError(service, challenge.status, clockDifferenceMs);
  }

  #checkChallenge(frame: Frame, challenge: ChallengeBody, mac: MacKey): void {
    if (!mac.verifyClear(frame.bytes)) throw new ProtocolError('hmac', 'the HMAC of CHALLENGE is wrong');
    if (challenge.version !== VERSION || challenge.flags !== 0) {
      throw new ProtocolError('schema', 'CHALLENGE has an unknown version or flags');
    }
    const { masterKey, service } = this.#options;
    const message = challengeMessage(service, this.#helloHash as Buffer, challenge.signedPart);
    if (masterKey && !verifyMessage(masterKey, message, challenge.signature)) {
      throw new ProtocolError('signature', 'CHALLENGE is not signed by the pinned master key');
    }
  }

  /** Runs one transition: from one state only, and to `failed` if it throws. */
  #step<U>(from: ClientHandshakeState, to: ClientHandshakeState, work: () => U): U {
    if (this.#state !== from)
      throw new ProtocolError('state', `the handshake is in ${this.#state}, not in ${from}`);
    this.#state = 'failed';
    const result = work();
    this.#state = to;
    return result;
  }
}
