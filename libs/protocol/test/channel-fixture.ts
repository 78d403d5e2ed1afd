import { randomBytes } from 'node:crypto';
import {
  ChallengeCache,
  ClientHandshake,
  Frame,
  masterIdentity,
  MasterHandshake,
  MsgType,
  ProtocolError,
  RefusedError,
  ticketAuthKey,
  ticketCredential,
  type KnownCredential,
  type MasterLoad,
  type Service,
  type Session,
  type SessionSettings,
} from '../src/index.js';
import * as slow from './slow-protocol.js';

/** A clock that stands until it is moved. */
export class TestClock {
  ms = 1_800_000_000_000;
  readonly now = () => this.ms;
}

/** What a test's schema step makes of a message: its text. The text `bad` and the type 0x7f do not fit the schema. */
export function decodeText(type: number, plaintext: Buffer | string): string {
  const text = typeof plaintext === 'string' ? plaintext : plaintext.toString('latin1');
  if (type === 0x7f || text === 'bad') throw new ProtocolError('schema', 'not a message of this test');
  return text;
}

export const READY = Buffer.from('{"sessionId":"s","serverTime":1,"heartbeatMs":10000,"maxPayload":65552}');
export const IDLE: MasterLoad = { maintenance: false, full: false };
export const MASTER_SEED = Buffer.alloc(32, 7);
export const IDENTITY = masterIdentity(MASTER_SEED);
export const UUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
export const SECRET = Buffer.alloc(32, 9);
export const TICKET = Buffer.alloc(32, 5);
export const TICKET_ID = Buffer.from('ffeeddccbbaa99887766554433221100', 'hex');
const CERTIFICATE = slow.certificate(MASTER_SEED, UUID, 1_799_999_000, 1_800_100_000, SECRET);

export const CREDENTIALS = {
  S2S: { auth: SECRET, credential: slow.publicPart(CERTIFICATE) },
  RDV: { auth: ticketAuthKey(TICKET), credential: ticketCredential(TICKET_ID) },
} as const;

export function known(service: Service, more: Partial<KnownCredential> = {}): KnownCredential {
  return { auth: CREDENTIALS[service].auth, revoked: false, ...more };
}

/** Everything two ends need, with one clock each. */
export class Bench {
  readonly clientClock = new TestClock();
  readonly masterClock = new TestClock();
  readonly challenges = new ChallengeCache({ now: this.masterClock.now });

  client(service: Service, settings: SessionSettings & { masterKey?: typeof IDENTITY.publicKey } = {}) {
    return new ClientHandshake({
      service,
      ...CREDENTIALS[service],
      masterKey: IDENTITY.publicKey,
      now: this.clientClock.now,
      random: randomBytes,
      decode: decodeText,
      decodeReady: (plaintext) => JSON.parse(plaintext.toString()) as { maxPayload: number },
      ...settings,
    });
  }

  master(service: Service, settings: SessionSettings = {}) {
    return new MasterHandshake<string>({
      service,
      identity: IDENTITY,
      challenges: this.challenges,
      now: this.masterClock.now,
      random: randomBytes,
      decode: decodeText,
      ...settings,
    });
  }

  /** The fields of a right HELLO for the slow twin, to be set wrong one at a time. */
  helloFields(service: Service): slow.HelloFields {
    return {
      service,
      ...CREDENTIALS[service],
      random: randomBytes(32),
      privateKey: randomBytes(32),
      nonce: randomBytes(12),
      timeMs: this.masterClock.ms,
    };
  }

  /** A whole handshake. */
  connect(service: Service = 'S2S', settings: SessionSettings = {}, ready: Uint8Array = READY): Pair {
    const client = this.client(service, settings);
    const master = this.master(service, settings);
    master.onHello(Frame.from(client.hello()));
    const answer = master.answer(known(service), IDLE);
    const finish = client.onChallenge(Frame.from(answer.bytes));
    const established = master.onFinish(Frame.from(finish), ready);
    const { session } = client.onReady(Frame.from(established.bytes));
    return { client: session, master: established.session, bench: this };
  }
}

export interface Pair {
  readonly client: Session<string>;
  readonly master: Session<string>;
  readonly bench: Bench;
}

/** The stable code of what a call throws; fails the test when it throws anything but a ProtocolError, or nothing. */
export function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof RefusedError) return `refused ${error.status}`;
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  throw new Error('the call should have thrown');
}

/** A message as a test sends it. */
export function text(body: string, type: number = MsgType.LogInfo) {
  return { type, plaintext: Buffer.from(body, 'latin1') };
}

export function sealText(session: Session<string>, body: string, type: number = MsgType.LogInfo): Buffer {
  return session.seal(type, Buffer.from(body, 'latin1')).bytes;
}

/** What one frame's bytes open to: the texts of its messages. */
export function openText(session: Session<string>, bytes: Uint8Array): string[] {
  return session.open(Frame.from(bytes)).map((message) => message.value);
}
