import fc from 'fast-check';
import { Frame, ProtocolError, type Service } from '../src/index.js';
import { Bench, IDLE, known, READY } from './channel-fixture.js';
import * as slow from './slow-protocol.js';

const service = fc.constantFrom<Service>('S2S', 'RDV');
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .constantFrom(226, 197, 105, 57, 0)
    .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
);

/** Runs what may fail, and lets nothing pass but a ProtocolError. */
function tolerated(call: () => void): void {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

test('noise at every step of both ends', () => {
  fc.assert(
    fc.property(service, noise, fc.nat(3), (door, bytes, step) => {
      const bench = new Bench();
      const client = bench.client(door);
      const master = bench.master(door);
      const frame = new Frame(Buffer.from(bytes));
      const hello = Frame.from(client.hello());
      if (step === 0) return tolerated(() => void master.onHello(frame));
      master.onHello(hello);
      const challenge = master.answer(known(door), IDLE).bytes;
      if (step === 1) return tolerated(() => void client.onChallenge(frame));
      const finish = client.onChallenge(Frame.from(challenge));
      if (step === 2) return tolerated(() => void master.onFinish(frame, READY));
      master.onFinish(Frame.from(finish), READY);
      return tolerated(() => void client.onReady(frame));
    }),
    { numRuns: 300 },
  );
});

test('an authenticated HELLO with anything in it', () => {
  fc.assert(
    fc.property(
      service,
      fc.uint8Array({ minLength: 101, maxLength: 101 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.record({
        version: fc.constantFrom(0, 1, 2),
        flags: fc.constantFrom(0, 1),
        timeMs: fc.constantFrom(0, 1_800_000_000_000),
      }),
      (door, credential, publicKey, rest) => {
        const bench = new Bench();
        const master = bench.master(door);
        const padded = door === 'RDV' ? Buffer.from(credential).fill(0, 16) : credential;
        const hello = slow.hello({ ...bench.helloFields(door), credential: padded, publicKey, ...rest });
        tolerated(() => {
          master.onHello(Frame.from(hello));
          expect(['challenge', 'refusal']).toContain(master.answer(known(door), IDLE).kind);
        });
      },
    ),
    { numRuns: 150 },
  );
});

test('20,000 forged HELLOs leave no memory behind', () => {
  const bench = new Bench();
  const hello = bench.client('S2S').hello();
  hello[10] = (hello[10] as number) ^ 1;
  const forged = Frame.from(hello);
  const round = () => {
    for (let i = 0; i < 10_000; i++) {
      const master = bench.master('S2S');
      master.onHello(forged);
      tolerated(() => void master.answer(known('S2S'), IDLE));
    }
  };
  round();
  const before = process.memoryUsage();
  round();
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64_000_000);
  expect(bench.challenges.size).toBe(0);
});
