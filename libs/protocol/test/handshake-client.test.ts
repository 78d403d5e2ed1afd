import { randomBytes } from 'node:crypto';
import {
  Frame,
  masterIdentity,
  masterPublicKey,
  MsgType,
  RefusedError,
  ticketAuthKey,
  ticketCredential,
  type KnownCredential,
  type MasterLoad,
  type Service,
} from '../src/index.js';
import { Bench, codeOf, CREDENTIALS, IDENTITY, IDLE, known, MASTER_SEED, READY } from './channel-fixture.js';
import * as slow from './slow-protocol.js';

describe('the client checks the CHALLENGE', () => {
  /** What the client makes of a CHALLENGE that the slow twin made with these fields. */
  function heard(
    service: Service,
    change: Partial<slow.ChallengeFields>,
    options: { pinned: boolean | undefined; spoil: number | undefined },
  ) {
    const bench = new Bench();
    const client = bench.client(service, options.pinned === false ? { masterKey: undefined } : {});
    const hello = client.hello();
    const { bytes } = slow.challenge({
      service,
      auth: CREDENTIALS[service].auth,
      masterSeed: MASTER_SEED,
      hello,
      random: randomBytes(32),
      privateKey: randomBytes(32),
      nonce: randomBytes(12),
      timeMs: bench.masterClock.ms,
      ...change,
    });
    if (options.spoil !== undefined) bytes[options.spoil] = (bytes[options.spoil] as number) ^ 1;
    const code = codeOf(() => {
      client.onChallenge(Frame.from(bytes));
      throw new RefusedError(service, 0, 0);
    });
    return code;
  }

  test.each<[string, string, Partial<slow.ChallengeFields> & { pinned?: boolean; spoil?: number }]>([
    ['all right', 'refused 0', {}],
    ['a false master that knows the secret', 'signature', { masterSeed: Buffer.alloc(32, 1) }],
    ['the same, nothing pinned', 'refused 0', { masterSeed: Buffer.alloc(32, 1), pinned: false }],
    ['somebody without the secret', 'hmac', { auth: Buffer.alloc(32) }],
    ['a refusal of somebody without the secret', 'hmac', { auth: Buffer.alloc(32), status: 3 }],
    ['a refusal of a false master', 'signature', { masterSeed: Buffer.alloc(32, 1), status: 3 }],
    ['an answer to another HELLO', 'hmac', { hello: slow.hello(new Bench().helloFields('S2S')) }],
    [
      'a refusal of another HELLO',
      'signature',
      { hello: slow.hello(new Bench().helloFields('S2S')), status: 3 },
    ],
    ['the other service’s label', 'hmac', { service: 'RDV' }],
    ['version 2', 'schema', { version: 2 }],
    ['flags', 'schema', { flags: 1 }],
    ['a small-order public key', 'key-exchange', { publicKey: Buffer.alloc(32) }],
    ['a refusal with a server response', 'schema', { status: 3, serverResponse: Buffer.alloc(64, 1) }],
    ['an unknown status', 'refused 99', { status: 99 }],
    ['a time far off', 'refused 0', { timeMs: 1_900_000_000_000 }],
    ['a spoilt HMAC', 'hmac', { spoil: 10 }],
    ['a spoilt nonce', 'hmac', { spoil: 40 }],
    ['a spoilt status', 'hmac', { spoil: 58 }],
    ['a spoilt server time', 'hmac', { spoil: 57 + 70 }],
    ['a spoilt signature', 'hmac', { spoil: 57 + 139 }],
  ])('%s: %s', (_name, code, { pinned, spoil, ...change }) => {
    expect(heard('S2S', change, { pinned, spoil })).toBe(code);
  });

  test('a bit flipped in any byte of CHALLENGE, FINISH or READY ends the handshake', () => {
    const flip = (bytes: Buffer, byte: number) => {
      const copy = Buffer.from(bytes);
      copy[byte] = (copy[byte] as number) ^ (1 << (byte & 7));
      return new Frame(copy);
    };
    const ends = /^(length|schema|hmac|key-exchange)$/;
    for (let byte = 0; byte < 197; byte++) {
      const bench = new Bench();
      const client = bench.client('RDV');
      const master = bench.master('RDV');
      master.onHello(Frame.from(client.hello()));
      const challenge = master.answer(known('RDV'), IDLE).bytes;
      if (byte >= 105) {
        expect(codeOf(() => client.onChallenge(flip(challenge, byte)))).toMatch(ends);
        expect(client.state).toBe('failed');
        continue;
      }
      const finish = client.onChallenge(Frame.from(challenge));
      expect(codeOf(() => master.onFinish(flip(finish, byte), READY))).toMatch(ends);
      expect(master.state).toBe('failed');
      const second = bench.client('RDV');
      const hello = Frame.from(second.hello());
      const other = bench.master('RDV');
      other.onHello(hello);
      expect(codeOf(() => second.onChallenge(flip(other.answer(known('RDV'), IDLE).bytes, byte)))).toMatch(
        ends,
      );
    }
    for (let byte = 0; byte < 57 + 16 + READY.length; byte++) {
      const bench = new Bench();
      const client = bench.client('RDV');
      const master = bench.master('RDV');
      master.onHello(Frame.from(client.hello()));
      const finish = client.onChallenge(Frame.from(master.answer(known('RDV'), IDLE).bytes));
      const { bytes } = master.onFinish(Frame.from(finish), READY);
      expect(codeOf(() => client.onReady(flip(bytes, byte)))).toMatch(ends);
      expect(client.state).toBe('failed');
    }
  });
});

describe('refusals as the client hears them', () => {
  const cases: [Service, string, Parameters<typeof refuse>[1]][] = [
    ['S2S', 'clock differs by 312 s', (bench) => void (bench.clientClock.ms -= 312_000)],
    ['RDV', 'clock differs by 312 s', (bench) => void (bench.clientClock.ms += 312_000)],
    ['S2S', 'certificate revoked', { known: { revoked: true } }],
    ['RDV', 'ticket revoked', { known: { revoked: true } }],
    ['RDV', 'ticket expired', { known: { expiresAt: 1 } }],
    ['RDV', 'banned', { known: { banned: true } }],
    ['RDV', 'the master is in maintenance', { load: { maintenance: true } }],
    ['S2S', 'the master is full', { load: { full: true } }],
  ];

  function refuse(
    service: Service,
    how: ((bench: Bench) => void) | { known?: Partial<KnownCredential>; load?: Partial<MasterLoad> },
  ): RefusedError {
    const bench = new Bench();
    if (typeof how === 'function') how(bench);
    const { known: state, load } = typeof how === 'function' ? {} : how;
    const client = bench.client(service);
    const master = bench.master(service);
    master.onHello(Frame.from(client.hello()));
    const answer = master.answer(known(service, state), { ...IDLE, ...load });
    try {
      client.onChallenge(Frame.from(answer.bytes));
    } catch (error) {
      if (error instanceof RefusedError) return error;
      throw error;
    }
    throw new Error('not refused');
  }

  test.each(cases)('%s: %s', (service, message, how) => {
    expect(refuse(service, how)).toMatchObject({ code: 'refused', message });
  });

  test('the clock difference is what to add to the own clock', () => {
    expect(refuse('S2S', (bench) => void (bench.clientClock.ms -= 312_000)).clockDifferenceMs).toBe(312_000);
    expect(refuse('S2S', (bench) => void (bench.clientClock.ms += 312_000)).clockDifferenceMs).toBe(-312_000);
  });

  test.each([
    [2, 'certificate expired'],
    [4, 'certificate not signed by the present master key'],
    [5, 'protocol version not supported'],
    [42, 'refused with the unknown status 42'],
  ])('status %i: %s', (status, message) => {
    expect(new RefusedError('S2S', status, 0).message).toBe(message);
  });
});

describe('states', () => {
  test('calls out of order', () => {
    const bench = new Bench();
    const frame = new Frame(Buffer.alloc(105));
    const client = bench.client('S2S');
    expect(codeOf(() => client.onChallenge(frame))).toBe('state');
    expect(codeOf(() => client.onReady(frame))).toBe('state');
    const hello = Frame.from(client.hello());
    expect(codeOf(() => client.hello())).toBe('state');
    expect(codeOf(() => client.onReady(frame))).toBe('state');

    const master = bench.master('S2S');
    expect(codeOf(() => master.answer(known('S2S'), IDLE))).toBe('state');
    expect(codeOf(() => master.onFinish(frame, READY))).toBe('state');
    master.onHello(hello);
    expect(codeOf(() => master.onHello(hello))).toBe('state');
    expect(codeOf(() => master.onFinish(frame, READY))).toBe('state');
    const { bytes } = master.answer(known('S2S'), IDLE);
    expect(codeOf(() => master.answer(known('S2S'), IDLE))).toBe('state');
    client.onChallenge(Frame.from(bytes));
    expect(client.state).toBe('await-ready');
  });

  test('a failure is final at both ends', () => {
    const bench = new Bench();
    const client = bench.client('S2S');
    const master = bench.master('S2S');
    const hello = Frame.from(client.hello());
    expect(codeOf(() => client.onChallenge(new Frame(Buffer.alloc(197))))).toBe('length');
    expect(client.state).toBe('failed');
    expect(codeOf(() => client.onChallenge(new Frame(Buffer.alloc(197))))).toBe('state');
    expect(codeOf(() => master.onHello(new Frame(hello.bytes.subarray(0, 225))))).toBe('length');
    expect(master.state).toBe('failed');
    expect(codeOf(() => master.onHello(hello))).toBe('state');
  });

  test('after a refusal nothing more', () => {
    const bench = new Bench();
    const master = bench.master('S2S');
    master.onHello(Frame.from(bench.client('S2S').hello()));
    expect(master.answer(known('S2S'), { maintenance: true, full: false }).kind).toBe('refusal');
    expect(codeOf(() => master.onFinish(new Frame(Buffer.alloc(105)), READY))).toBe('state');
  });
});

describe('FINISH and READY', () => {
  /** A client up to its CHALLENGE, and the keys of both ends. */
  function halfway() {
    const bench = new Bench();
    const fields = bench.helloFields('S2S');
    const hello = slow.hello(fields);
    const master = bench.master('S2S');
    master.onHello(Frame.from(hello));
    const challenge = master.answer(known('S2S'), IDLE).bytes;
    const serverResponse = challenge.subarray(61, 125);
    const secrets = slow.schedule({
      service: 'S2S',
      auth: fields.auth,
      hello,
      challenge,
      clientChallenge: hello.subarray(61, 125),
      serverResponse,
      shared: slow.x25519(fields.privateKey, serverResponse.subarray(32)),
    });
    return { master, secrets, timeMs: bench.masterClock.ms };
  }

  test.each<[string, string, (h: ReturnType<typeof halfway>) => Buffer]>([
    [
      'another transcript',
      'schema',
      (h) => slow.seal(h.secrets.c2s, 0, MsgType.Finish, h.timeMs, Buffer.alloc(32)),
    ],
    [
      'a short transcript',
      'schema',
      (h) => slow.seal(h.secrets.c2s, 0, MsgType.Finish, h.timeMs, h.secrets.th.subarray(1)),
    ],
    ['another type', 'schema', (h) => slow.seal(h.secrets.c2s, 0, MsgType.LogInfo, h.timeMs, h.secrets.th)],
    ['counter 1', 'missing', (h) => slow.seal(h.secrets.c2s, 1, MsgType.Finish, h.timeMs, h.secrets.th)],
    ['a time out of the drift', 'drift', (h) => slow.seal(h.secrets.c2s, 0, MsgType.Finish, 0, h.secrets.th)],
    [
      'the keys of the master',
      'hmac',
      (h) => slow.seal(h.secrets.s2c, 0, MsgType.Finish, h.timeMs, h.secrets.th),
    ],
  ])('FINISH with %s: %s', (_name, code, forge) => {
    const half = halfway();
    expect(codeOf(() => half.master.onFinish(Frame.from(forge(half)), READY))).toBe(code);
    expect(half.master.state).toBe('failed');
  });

  test('FINISH a second time is not a message', () => {
    const half = halfway();
    const finish = slow.seal(half.secrets.c2s, 0, MsgType.Finish, half.timeMs, half.secrets.th);
    const { session } = half.master.onFinish(Frame.from(finish), READY);
    expect(codeOf(() => session.open(Frame.from(finish)))).toBe('replay');
  });

  test('another frame in the place of READY', () => {
    const bench = new Bench();
    const client = bench.client('S2S');
    const master = bench.master('S2S');
    master.onHello(Frame.from(client.hello()));
    const finish = client.onChallenge(Frame.from(master.answer(known('S2S'), IDLE).bytes));
    const { session } = master.onFinish(Frame.from(finish), READY);
    expect(codeOf(() => client.onReady(Frame.from(session.seal(MsgType.Ack, Buffer.from('{}')).bytes)))).toBe(
      'missing',
    );
    expect(client.state).toBe('failed');
  });
});

describe('credentials and keys', () => {
  test('the auth of a ticket is the SHA-256 of its 32 bytes', () => {
    const ticket = randomBytes(32);
    expect(ticketAuthKey(ticket)).toEqual(slow.sha(ticket));
    expect(codeOf(() => ticketAuthKey(randomBytes(31)))).toBe('argument');
  });

  test('the credential of a ticket is its id and zeros', () => {
    const id = randomBytes(16);
    expect(ticketCredential(id)).toEqual(Buffer.concat([id, Buffer.alloc(85)]));
    expect(codeOf(() => ticketCredential(randomBytes(17)))).toBe('argument');
  });

  test('a master key of the wrong length', () => {
    expect(codeOf(() => masterIdentity(randomBytes(33)))).toBe('argument');
    expect(codeOf(() => masterPublicKey(randomBytes(31)))).toBe('argument');
  });

  test('the public key of the seed is the pinned one', () => {
    const raw = Buffer.from(IDENTITY.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
    expect(masterPublicKey(raw).equals(IDENTITY.publicKey)).toBe(true);
  });

  test.each([
    ['auth', { auth: Buffer.alloc(31) }],
    ['credential', { credential: Buffer.alloc(100) }],
  ])('a client with the wrong length of %s', (_name, change) => {
    const bench = new Bench();
    expect(codeOf(() => bench.client('S2S', change as never))).toBe('argument');
  });
});
