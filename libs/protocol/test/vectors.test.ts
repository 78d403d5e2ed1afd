import {
  ChallengeCache,
  ClientHandshake,
  decodeClose,
  decodeMessage,
  decodeReady,
  Frame,
  masterIdentity,
  MasterHandshake,
  masterPublicKey,
  MsgType,
  ticketAuthKey,
  ticketCredential,
  type Direction,
  type Service,
} from '../src/index.js';
import { codeOf } from './channel-fixture.js';
import { hex, readVectors } from './read-vectors.js';
import * as slow from './slow-protocol.js';

interface HexKeys {
  enc: string;
  mac: string;
  iv: string;
  next: string;
}

interface HandshakeVector {
  service: Service;
  inputs: Record<
    | 'auth'
    | 'credential'
    | 'master_seed'
    | 'master_public_key'
    | 'client_random'
    | 'client_private_key'
    | 'hello_nonce'
    | 'server_random'
    | 'server_private_key'
    | 'challenge_nonce'
    | 'ready',
    string
  > &
    Record<'hello_time_ms' | 'challenge_time_ms' | 'finish_time_ms' | 'ready_time_ms', number> & {
      certificate?: string;
      ticket?: string;
      ticket_id?: string;
    };
  hello: Record<'mac_key' | 'client_challenge' | 'frame' | 'hash_without_hmac', string>;
  challenge: Record<
    'server_response' | 'signed_message' | 'signature' | 'mac_key' | 'frame' | 'hash_without_hmac',
    string
  >;
  secrets: Record<'x25519_shared' | 'ks' | 'th' | 'prk', string> & { c2s: HexKeys; s2c: HexKeys };
  finish: { plaintext: string; frame: string };
  ready: { plaintext: string; frame: string };
}

interface SessionStep {
  direction: Direction;
  kind: 'message' | 'batch' | 'rekey' | 'close';
  counter: number;
  time_ms: number;
  messages: { of: number; type: number; name: string; plaintext: string }[];
  frame: string;
  keys_after?: HexKeys;
}

interface SessionVector {
  c2s: HexKeys;
  s2c: HexKeys;
  steps: SessionStep[];
}

interface RefusalVector {
  cases: (Record<
    'name' | 'auth' | 'master_seed' | 'hello' | 'challenge_nonce' | 'mac_key' | 'frame',
    string
  > & {
    service: Service;
    status: number;
    challenge_time_ms: number;
  })[];
}

const HANDSHAKES: HandshakeVector[] = [
  readVectors('../vectors/handshake-s2s.json'),
  readVectors('../vectors/handshake-rdv.json'),
];
const SESSION: SessionVector = readVectors('../vectors/session.json');
const REFUSALS: RefusalVector = readVectors('../vectors/refusals.json');

function source(...queue: string[]) {
  return (length: number): Buffer => {
    const next = hex(queue.shift() ?? '');
    if (next.length !== length) throw new Error(`${length} bytes were asked for out of turn`);
    return next;
  };
}

function hexKeys(keys: slow.Keys): HexKeys {
  return {
    enc: keys.enc.toString('hex'),
    mac: keys.mac.toString('hex'),
    iv: keys.iv.toString('hex'),
    next: keys.next.toString('hex'),
  };
}

/** Both ends of the library, run with the inputs of a vector. */
function replay({ service, inputs }: HandshakeVector) {
  const clock = { ms: inputs.hello_time_ms };
  const now = () => clock.ms;
  const decoder = (direction: Direction) => (type: number, plaintext: Buffer | string) => {
    if (type === MsgType.Close) decodeClose(plaintext);
    else decodeMessage(service, direction, type, plaintext);
    return plaintext.toString();
  };
  const client = new ClientHandshake({
    service,
    auth: hex(inputs.auth),
    credential: hex(inputs.credential),
    masterKey: masterPublicKey(hex(inputs.master_public_key)),
    now,
    random: source(inputs.client_random, inputs.client_private_key, inputs.hello_nonce),
    decode: decoder('s2c'),
    decodeReady,
  });
  const master = new MasterHandshake({
    service,
    identity: masterIdentity(hex(inputs.master_seed)),
    challenges: new ChallengeCache({ now }),
    now,
    random: source(inputs.server_random, inputs.server_private_key, inputs.challenge_nonce),
    decode: decoder('c2s'),
  });
  const hello = client.hello();
  clock.ms = inputs.challenge_time_ms;
  master.onHello(Frame.from(hello));
  const known = { auth: hex(inputs.auth), revoked: false };
  const challenge = master.answer(known, { maintenance: false, full: false }).bytes;
  clock.ms = inputs.finish_time_ms;
  const finish = client.onChallenge(Frame.from(challenge));
  clock.ms = inputs.ready_time_ms;
  const established = master.onFinish(Frame.from(finish), Buffer.from(inputs.ready));
  const { session } = client.onReady(Frame.from(established.bytes));
  return {
    hello,
    challenge,
    finish,
    ready: established.bytes,
    clock,
    c2s: session,
    s2c: established.session,
  };
}

describe.each(HANDSHAKES.map((vector) => [vector.service, vector] as const))(
  'handshake %s',
  (service, vector) => {
    const { inputs, secrets } = vector;

    test('the library makes its four frames', () => {
      const frames = replay(vector);
      expect({
        hello: frames.hello.toString('hex'),
        challenge: frames.challenge.toString('hex'),
        finish: frames.finish.toString('hex'),
        ready: frames.ready.toString('hex'),
      }).toEqual({
        hello: vector.hello.frame,
        challenge: vector.challenge.frame,
        finish: vector.finish.frame,
        ready: vector.ready.frame,
      });
    });

    test('the slow twin makes them too, and every key on the way', () => {
      const auth = hex(inputs.auth);
      const hello = slow.hello({
        service,
        auth,
        credential: hex(inputs.credential),
        random: hex(inputs.client_random),
        privateKey: hex(inputs.client_private_key),
        nonce: hex(inputs.hello_nonce),
        timeMs: inputs.hello_time_ms,
      });
      expect(hello.toString('hex')).toBe(vector.hello.frame);
      expect(slow.hmac(auth, slow.ascii(`ranked v1 hello ${service}`)).toString('hex')).toBe(
        vector.hello.mac_key,
      );
      expect(slow.sha(slow.withoutHmac(hello)).toString('hex')).toBe(vector.hello.hash_without_hmac);
      expect(hello.subarray(61, 125).toString('hex')).toBe(vector.hello.client_challenge);

      const challenge = slow.challenge({
        service,
        auth,
        masterSeed: hex(inputs.master_seed),
        hello,
        random: hex(inputs.server_random),
        privateKey: hex(inputs.server_private_key),
        nonce: hex(inputs.challenge_nonce),
        timeMs: inputs.challenge_time_ms,
      });
      expect(challenge.bytes.toString('hex')).toBe(vector.challenge.frame);
      expect(slow.sha(slow.withoutHmac(challenge.bytes)).toString('hex')).toBe(
        vector.challenge.hash_without_hmac,
      );
      const body = challenge.bytes.subarray(57);
      expect(body.subarray(4, 68).toString('hex')).toBe(vector.challenge.server_response);
      expect(body.subarray(76).toString('hex')).toBe(vector.challenge.signature);
      const message = Buffer.concat([
        slow.ascii(`ranked v1 challenge ${service}`),
        hex(vector.hello.hash_without_hmac),
        body.subarray(0, 76),
      ]);
      expect(message.toString('hex')).toBe(vector.challenge.signed_message);

      const keys = challenge.secrets as NonNullable<typeof challenge.secrets>;
      const shared = slow.x25519(hex(inputs.client_private_key), body.subarray(36, 68));
      expect({
        mac_key: keys.challengeMac.toString('hex'),
        x25519_shared: shared.toString('hex'),
        ks: keys.ks.toString('hex'),
        th: keys.th.toString('hex'),
        prk: keys.prk.toString('hex'),
        c2s: hexKeys(keys.c2s),
        s2c: hexKeys(keys.s2c),
      }).toEqual({ mac_key: vector.challenge.mac_key, ...secrets });

      expect(slow.seal(keys.c2s, 0, 3, inputs.finish_time_ms, keys.th).toString('hex')).toBe(
        vector.finish.frame,
      );
      const ready = slow.seal(keys.s2c, 0, 4, inputs.ready_time_ms, Buffer.from(inputs.ready));
      expect(ready.toString('hex')).toBe(vector.ready.frame);
      expect(slow.open(keys.s2c, ready).toString()).toBe(vector.ready.plaintext);
    });

    test('auth and credential come from the certificate or the ticket', () => {
      if (inputs.certificate !== undefined) {
        const file = hex(inputs.certificate);
        expect(file).toHaveLength(133);
        expect(file.subarray(37, 69).toString('hex')).toBe(inputs.auth);
        expect(slow.publicPart(file).toString('hex')).toBe(inputs.credential);
      } else {
        expect(ticketAuthKey(hex(inputs.ticket ?? '')).toString('hex')).toBe(inputs.auth);
        expect(ticketCredential(hex(inputs.ticket_id ?? '')).toString('hex')).toBe(inputs.credential);
      }
    });
  },
);

describe('session', () => {
  test('the library seals the same frames and opens them to the same messages', () => {
    const ends = replay(HANDSHAKES[0] as HandshakeVector);
    for (const step of SESSION.steps) {
      ends.clock.ms = step.time_ms;
      const sender = ends[step.direction];
      const receiver = step.direction === 'c2s' ? ends.s2c : ends.c2s;
      const messages = step.messages.map(({ type, plaintext }) => ({
        type,
        plaintext: Buffer.from(plaintext),
      }));
      const [first] = messages;
      const bytes =
        step.kind === 'rekey' || !first
          ? sender.sealRekey()
          : step.kind === 'close'
            ? sender.seal(first.type, first.plaintext).bytes
            : sender.sealBatch(messages).bytes;
      expect(bytes.toString('hex')).toBe(step.frame);
      expect(Frame.from(bytes).counter).toBe(step.counter);
      expect(receiver.open(Frame.from(bytes))).toEqual(
        step.messages.map(({ of, type, plaintext }) => ({
          type,
          of,
          timestampMs: step.time_ms,
          value: plaintext,
        })),
      );
    }
  });

  test('the slow twin seals and opens them too', () => {
    const keys: Record<Direction, slow.Keys> = {
      c2s: slow.directionKeys(hex((HANDSHAKES[0] as HandshakeVector).secrets.prk), 'c2s'),
      s2c: slow.directionKeys(hex((HANDSHAKES[0] as HandshakeVector).secrets.prk), 's2c'),
    };
    expect({ c2s: hexKeys(keys.c2s), s2c: hexKeys(keys.s2c) }).toEqual({
      c2s: SESSION.c2s,
      s2c: SESSION.s2c,
    });
    const numbers = { c2s: 1, s2c: 1 };
    for (const {
      direction,
      kind,
      counter,
      time_ms: timeMs,
      messages,
      frame,
      keys_after: after,
    } of SESSION.steps) {
      const bodies = messages.map(({ type, plaintext }) => [type, Buffer.from(plaintext)] as const);
      const [type, plaintext] =
        kind === 'rekey'
          ? [MsgType.Rekey, Buffer.alloc(0)]
          : kind === 'batch'
            ? [MsgType.Batch, slow.batch(bodies)]
            : (bodies[0] as [number, Buffer]);
      expect(slow.seal(keys[direction], counter, type, timeMs, plaintext).toString('hex')).toBe(frame);
      expect(slow.open(keys[direction], hex(frame))).toEqual(plaintext);
      for (const message of messages) expect(message.of).toBe(numbers[direction]++);
      if (kind !== 'rekey') continue;
      numbers[direction] += 1;
      keys[direction] = slow.directionKeys(keys[direction].next, direction);
      expect(hexKeys(keys[direction])).toEqual(after);
    }
  });
});

describe('refusals', () => {
  const rows = REFUSALS.cases.map((each) => [`${each.service} ${each.status} ${each.name}`, each] as const);

  test('every status of both doors, but no unsigned ticket', () => {
    expect(rows.map(([, each]) => `${each.service}${each.status}`).sort()).toEqual(
      [
        'S2S1',
        'S2S2',
        'S2S3',
        'S2S4',
        'S2S5',
        'S2S6',
        'S2S7',
        'S2S8',
        'RDV1',
        'RDV2',
        'RDV3',
        'RDV5',
        'RDV6',
        'RDV7',
        'RDV8',
      ].sort(),
    );
  });

  test.each(rows)('%s', (_name, each) => {
    const now = () => each.challenge_time_ms;
    const auth = hex(each.auth);
    const master = new MasterHandshake({
      service: each.service,
      identity: masterIdentity(hex(each.master_seed)),
      challenges: new ChallengeCache({ now }),
      now,
      random: source(each.challenge_nonce),
      decode: () => undefined,
    });
    master.onHello(Frame.from(hex(each.hello)));
    const answer = master.answer(
      {
        auth,
        revoked: each.status === 3,
        banned: each.status === 7,
        expiresAt: each.status === 2 ? 1_800_000_000_000 : undefined,
      },
      { maintenance: each.status === 6, full: each.status === 8 },
    );
    expect(answer).toMatchObject({ kind: 'refusal', status: each.status });
    expect(answer.bytes.toString('hex')).toBe(each.frame);

    const twin = slow.challenge({
      service: each.service,
      auth,
      masterSeed: hex(each.master_seed),
      hello: hex(each.hello),
      random: Buffer.alloc(32),
      privateKey: Buffer.alloc(32),
      nonce: hex(each.challenge_nonce),
      timeMs: each.challenge_time_ms,
      status: each.status,
    });
    expect(twin.bytes.toString('hex')).toBe(each.frame);
    expect(slow.hmac(auth, slow.ascii(`ranked v1 refuse ${each.service}`)).toString('hex')).toBe(
      each.mac_key,
    );
  });

  test('a refusal belongs to its HELLO: another client does not take it', () => {
    const [first] = REFUSALS.cases;
    const vector = HANDSHAKES[0] as HandshakeVector;
    const client = new ClientHandshake({
      service: 'S2S',
      auth: hex(vector.inputs.auth),
      credential: hex(vector.inputs.credential),
      masterKey: masterPublicKey(hex(vector.inputs.master_public_key)),
      now: () => 0,
      random: (length) => Buffer.alloc(length, 1),
      decode: () => undefined,
      decodeReady,
    });
    client.hello();
    expect(codeOf(() => client.onChallenge(Frame.from(hex(first?.frame ?? ''))))).toBe('signature');
  });
});
