import { randomBytes } from 'node:crypto';
import {
  Frame,
  MsgType,
  RefusalStatus,
  RefusedError,
  type KnownCredential,
  type MasterLoad,
  type Service,
} from '../src/index.js';
import {
  Bench,
  codeOf,
  CREDENTIALS,
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
