import { randomBytes } from 'node:crypto';
import {
  Frame,
  masterIdentity,
  masterPublicKey,
  MsgType,
  RefusalStatus,
  RefusedError,
  ticketAuthKey,
  ticketCredential,
  type KnownCredential,
  type MasterLoad,
  type Service,
} from '../src/index.js';
import {
  Bench,
  codeOf,
  CREDENTIALS,
  IDENTITY,
  IDLE,
  known,
  MASTER_SEED,
  openText,
  READY,
  sealText,
} from './channel-fixture.js';
import * as slow from './slow-protocol.js';

const SERVICES: Service[] = ['S2S', 'RDV'];

describe.each(SERVICES)('%s', (service) => {
  test('four frames of the stated lengths, and both ends can talk', () => {
    const bench = new Bench();
    const client = bench.client(service);
    const master = bench.master(service);
    expect([client.state, master.state]).toEqual(['start', 'await-hello']);
    const hello = client.hello();
    expect([hello.length, hello.readUInt32LE(0), hello[48]]).toEqual([226, 169, MsgType.Hello]);
    const request = master.onHello(Frame.from(hello));
    expect(request.id).toBe(
      service === 'S2S' ? '00112233-4455-6677-8899-aabbccddeeff' : 'ffeeddccbbaa99887766554433221100',
    );
    expect(request.credentialId).toHaveLength(16);
    expect([client.state, master.state]).toEqual(['await-challenge', 'await-credential']);
    const answer = master.answer(known(service), IDLE);
    expect(answer.kind).toBe('challenge');
    expect([answer.bytes.length, answer.bytes.readUInt32LE(0), answer.bytes[48]]).toEqual([
      197,
      140,
      MsgType.Challenge,
    ]);
    const finish = client.onChallenge(Frame.from(answer.bytes));
    expect([finish.length, finish.readUInt32LE(0), finish[48]]).toEqual([105, 48, MsgType.Finish]);
    expect([client.state, master.state]).toEqual(['await-ready', 'await-finish']);
    const established = master.onFinish(Frame.from(finish), READY);
    const ended = client.onReady(Frame.from(established.bytes));
    expect([client.state, master.state]).toEqual(['established', 'established']);
    expect(ended.ready).toEqual(JSON.parse(READY.toString()));
    expect(openText(established.session, sealText(ended.session, 'hello'))).toEqual(['hello']);
    expect(openText(ended.session, sealText(established.session, 'welcome'))).toEqual(['welcome']);
  });

  test('the same credential again has other keys', () => {
    const bench = new Bench();
    const first = bench.connect(service);
    const second = bench.connect(service);
    expect(codeOf(() => openText(second.master, sealText(first.client, 'x')))).toBe('hmac');
  });

  test('without a pinned key the CHALLENGE’s HMAC speaks for the master', () => {
    expect(new Bench().connect(service, { masterKey: undefined } as never).client).toBeDefined();
  });

  test('the client learns by how much its clock is off', () => {
    const bench = new Bench();
    bench.clientClock.ms -= 100_000;
    const client = bench.client(service);
    const master = bench.master(service);
    master.onHello(Frame.from(client.hello()));
    const finish = client.onChallenge(Frame.from(master.answer(known(service), IDLE).bytes));
    expect(
      client.onReady(Frame.from(master.onFinish(Frame.from(finish), READY).bytes)).clockDifferenceMs,
    ).toBe(100_000);
  });
});

/** What the master says to a HELLO, as the client hears it. */
function outcome(
  service: Service,
  change: {
    fields?: Partial<slow.HelloFields>;
    known?: Partial<KnownCredential>;
    load?: Partial<MasterLoad>;
    credential?: Buffer;
    bench?: Bench;
  },
): string {
  const bench = change.bench ?? new Bench();
  const fields = { ...bench.helloFields(service), ...change.fields };
  if (change.credential) fields.credential = change.credential;
  const master = bench.master(service);
  return codeOf(() => {
    master.onHello(Frame.from(slow.hello(fields)));
    const answer = master.answer(known(service, change.known), { ...IDLE, ...change.load });
    if (answer.kind === 'challenge') throw new RefusedError(service, 0, 0);
    expect(master.state).toBe('refused');
    expect(answer.bytes).toHaveLength(197);
    throw new RefusedError(service, answer.status, 0);
  });
}

/** A certificate credential with something set differently. */
function certificate(change: {
  seed?: Buffer;
  issuedAt?: number;
  expiresAt?: number;
  magic?: string;
  secret?: Buffer;
}) {
  const { seed = MASTER_SEED, issuedAt = 1_799_999_000, expiresAt = 1_800_100_000 } = change;
  const uuid = Buffer.alloc(16, 1);
  const secret = change.secret ?? Buffer.from(CREDENTIALS.S2S.auth);
  return slow.publicPart(slow.certificate(seed, uuid, issuedAt, expiresAt, secret, change.magic));
}

describe('the answers of the master', () => {
  const now = 1_800_000_000_000;
  const seconds = now / 1000;
  test.each<[string, string, Service, Parameters<typeof outcome>[1]]>([
    ['all right, S2S', 'refused 0', 'S2S', {}],
    ['all right, RDV', 'refused 0', 'RDV', {}],
    ['version 2', 'refused 5', 'S2S', { fields: { version: 2 } }],
    ['version 0', 'refused 5', 'RDV', { fields: { version: 0 } }],
    ['flags 1', 'refused 5', 'S2S', { fields: { flags: 1 } }],
    ['flags 0x8000', 'refused 5', 'RDV', { fields: { flags: 0x8000 } }],
    ['clock 120 s behind', 'refused 0', 'S2S', { fields: { timeMs: now - 120_000 } }],
    ['clock 120 s ahead', 'refused 0', 'S2S', { fields: { timeMs: now + 120_000 } }],
    ['clock 120.001 s behind', 'refused 1', 'S2S', { fields: { timeMs: now - 120_001 } }],
    ['clock 120.001 s ahead', 'refused 1', 'RDV', { fields: { timeMs: now + 120_001 } }],
    [
      'another master’s certificate',
      'refused 4',
      'S2S',
      { credential: certificate({ seed: Buffer.alloc(32, 8) }) },
    ],
    [
      'a certificate with another secret',
      'refused 4',
      'S2S',
      { credential: certificate({ secret: Buffer.alloc(32) }) },
    ],
    [
      'a signed certificate of version 2',
      'refused 4',
      'S2S',
      { credential: certificate({ magic: 'S2SC\x02' }) },
    ],
    [
      'a signed file that is no certificate',
      'refused 4',
      'S2S',
      { credential: certificate({ magic: 'XXXX\x01' }) },
    ],
    ['a revoked certificate', 'refused 3', 'S2S', { known: { revoked: true } }],
    ['expires now', 'refused 2', 'S2S', { credential: certificate({ expiresAt: seconds }) }],
    ['expires in a second', 'refused 0', 'S2S', { credential: certificate({ expiresAt: seconds + 1 }) }],
    ['issued in 120 s', 'refused 0', 'S2S', { credential: certificate({ issuedAt: seconds + 120 }) }],
    ['issued in 121 s', 'refused 2', 'S2S', { credential: certificate({ issuedAt: seconds + 121 }) }],
    [
      'expires before it was issued',
      'refused 2',
      'S2S',
      { credential: certificate({ issuedAt: seconds + 9, expiresAt: seconds + 8 }) },
    ],
    ['issued before 1970', 'refused 2', 'S2S', { credential: certificate({ issuedAt: -1 }) }],
    ['a certificate ignores expiresAt of the database', 'refused 0', 'S2S', { known: { expiresAt: 1 } }],
    ['a revoked ticket', 'refused 3', 'RDV', { known: { revoked: true } }],
    ['a ticket that ends now', 'refused 2', 'RDV', { known: { expiresAt: now } }],
    ['a ticket that ends in a millisecond', 'refused 0', 'RDV', { known: { expiresAt: now + 1 } }],
    ['banned', 'refused 7', 'RDV', { known: { banned: true } }],
    ['maintenance', 'refused 6', 'RDV', { load: { maintenance: true } }],
    ['full', 'refused 8', 'S2S', { load: { full: true } }],
    ['the wrong role', 'credential', 'S2S', { fields: { role: 2 } }],
    ['role 0', 'credential', 'RDV', { fields: { role: 0 } }],
    ['role 3', 'credential', 'S2S', { fields: { role: 3 } }],
    ['another type', 'schema', 'S2S', { fields: { type: MsgType.Finish } }],
    ['another auth', 'hmac', 'RDV', { fields: { auth: Buffer.alloc(32) } }],
    ['a ticket credential with padding', 'credential', 'RDV', { credential: Buffer.alloc(101, 1) }],
    ['a public key of small order', 'key-exchange', 'S2S', { fields: { publicKey: Buffer.alloc(32) } }],
  ])('%s: %s', (_name, code, service, change) => {
    expect(outcome(service, change)).toBe(code);
  });

  // Each row has all the faults of the rows below it as well.
  const all = { version: 2, timeMs: now - 200_000 };
  const foreign = certificate({ seed: Buffer.alloc(32, 8), expiresAt: seconds - 1 });
  const old = certificate({ expiresAt: seconds - 1 });
  const busy = { maintenance: true, full: true };
  test.each<[string, string, Service, Parameters<typeof outcome>[1]]>([
    [
      'HMAC before version',
      'hmac',
      'S2S',
      {
        fields: { ...all, auth: randomBytes(32) },
        credential: foreign,
        known: { revoked: true, banned: true },
        load: busy,
      },
    ],
    [
      '5 before 1',
      'refused 5',
      'S2S',
      { fields: all, credential: foreign, known: { revoked: true, banned: true }, load: busy },
    ],
    [
      '1 before 4',
      'refused 1',
      'S2S',
      {
        fields: { timeMs: all.timeMs },
        credential: foreign,
        known: { revoked: true, banned: true },
        load: busy,
      },
    ],
    [
      '4 before 3',
      'refused 4',
      'S2S',
      { credential: foreign, known: { revoked: true, banned: true }, load: busy },
    ],
    [
      '3 before 2',
      'refused 3',
      'S2S',
      { credential: old, known: { revoked: true, banned: true }, load: busy },
    ],
    ['2 before 7', 'refused 2', 'S2S', { credential: old, known: { banned: true }, load: busy }],
    [
      '3 before 2, tickets',
      'refused 3',
      'RDV',
      { known: { revoked: true, expiresAt: 1, banned: true }, load: busy },
    ],
    ['2 before 7, tickets', 'refused 2', 'RDV', { known: { expiresAt: 1, banned: true }, load: busy }],
    ['7 before 6', 'refused 7', 'RDV', { known: { banned: true }, load: busy }],
    ['6 before 8', 'refused 6', 'RDV', { load: busy }],
    [
      '8 before the key exchange',
      'refused 8',
      'RDV',
      { load: { full: true }, fields: { publicKey: Buffer.alloc(32) } },
    ],
  ])('%s', (_name, code, service, change) => {
    expect(outcome(service, change)).toBe(code);
  });

  test('an unknown id: silence, whatever its HMAC, even one under the key that stands in', () => {
    for (const auth of [CREDENTIALS.RDV.auth, Buffer.alloc(32), randomBytes(32)]) {
      const bench = new Bench();
      const master = bench.master('RDV');
      master.onHello(Frame.from(slow.hello({ ...bench.helloFields('RDV'), auth })));
      expect(codeOf(() => master.answer(undefined, IDLE))).toBe('credential');
      expect(master.state).toBe('failed');
      expect(bench.challenges.size).toBe(0);
    }
  });
});

describe('replay of HELLO', () => {
  test('the same HELLO again gets silence, for as long as it is inside the drift', () => {
    const bench = new Bench();
    const ahead = { ...bench.helloFields('S2S'), timeMs: bench.masterClock.ms + 120_000 };
    const hello = slow.hello(ahead);
    const again = () => {
      const master = bench.master('S2S');
      master.onHello(Frame.from(hello));
      return master.answer(known('S2S'), IDLE);
    };
    expect(again().kind).toBe('challenge');
    for (const step of [0, 1, 119_999, 120_000]) {
      bench.masterClock.ms += step;
      expect(codeOf(again)).toBe('hello-replay');
    }
    bench.masterClock.ms += 1;
    expect(again()).toMatchObject({ kind: 'refusal', status: RefusalStatus.ClockDiffers });
  });

  test('a HELLO that was refused for its credential is remembered, one refused for its clock is not', () => {
    const bench = new Bench();
    const fields = bench.helloFields('RDV');
    expect(outcome('RDV', { bench, fields, known: { banned: true } })).toBe('refused 7');
    expect(outcome('RDV', { bench, fields })).toBe('hello-replay');
    const late = { ...bench.helloFields('RDV'), timeMs: 5 };
    expect(outcome('RDV', { bench, fields: late })).toBe('refused 1');
    expect(bench.challenges.size).toBe(1);
  });

  test('one cache serves both doors', () => {
    const bench = new Bench();
    const fields = bench.helloFields('S2S');
    outcome('S2S', { bench, fields });
    const { random, privateKey } = fields;
    expect(outcome('RDV', { bench, fields: { ...bench.helloFields('RDV'), random, privateKey } })).toBe(
      'hello-replay',
    );
  });
});

describe('the other door', () => {
  test.each<[Service, Service]>([
    ['RDV', 'S2S'],
    ['S2S', 'RDV'],
  ])('a HELLO for %s at %s, in its own role or in the door’s', (from, at) => {
    const bench = new Bench();
    const own = bench.master(at);
    expect(codeOf(() => own.onHello(Frame.from(bench.client(from).hello())))).toBe('credential');

    const posing = bench.master(at);
    const fields = { ...bench.helloFields(from), role: at === 'S2S' ? 1 : 2 };
    expect(
      codeOf(() => {
        posing.onHello(Frame.from(slow.hello(fields)));
        posing.answer(known(from), IDLE);
      }),
    ).toBe(at === 'S2S' ? 'hmac' : 'credential');
  });
});

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
