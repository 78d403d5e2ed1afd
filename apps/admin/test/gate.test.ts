import { once } from 'node:events';
import * as net from 'node:net';
import { pino } from 'pino';
import { AddressGate } from '../src/gate/address-gate.js';
import { AddressList, parseAddressRange, type AddressRange } from '../src/gate/address-list.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const log = pino({ level: 'silent' });
const rangesOf = (...texts: string[]): AddressRange[] =>
  texts.flatMap((text) => parseAddressRange(text) ?? []);

/** How a stranger's attempt ended, and the bytes that he got. */
interface Attempt {
  outcome: 'connected' | 'closed' | 'unanswered' | string;
  bytes: number;
}

/** Long enough for an answer on the loopback, which comes at once or never. */
const UNANSWERED_MS = 700;

/** Connects from an address, says something, and tells what came of it. */
function attempt(port: number, localAddress: string, host = '127.0.0.1'): Promise<Attempt> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host, localAddress });
    let bytes = 0;
    let connected = false;
    const done = (outcome: Attempt['outcome']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ outcome, bytes });
    };
    const timer = setTimeout(() => done(connected ? 'connected' : 'unanswered'), UNANSWERED_MS);
    socket.on('connect', () => {
      connected = true;
      socket.write('hello');
    });
    socket.on('data', (chunk) => (bytes += chunk.length));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
    socket.on('close', () => done('closed'));
  });
}

async function open(
  inKernel: boolean,
  host: string,
  ...allow: string[]
): Promise<{ gate: AddressGate; port: number; admitted: net.Socket[] }> {
  const gate = new AddressGate(new AddressList(rangesOf(...allow)), log, inKernel);
  const admitted: net.Socket[] = [];
  gate.on('admitted', (socket) => {
    admitted.push(socket);
    socket.on('error', () => undefined);
    socket.write('x');
  });
  const { port } = await gate.listen({ host, port: 0 });
  return { gate, port, admitted };
}

onLinux('the gate', () => {
  let gate: AddressGate | undefined;
  afterEach(() => gate?.close());

  test('resets strangers when they are accepted, without a byte; who is on the list comes in', async () => {
    const opened = await open(false, '127.0.0.1', '127.0.0.1');
    gate = opened.gate;
    expect(gate.kernelFilter).toEqual({ active: false, reason: 'switched off' });
    expect(await attempt(opened.port, '127.0.0.2')).toEqual({ outcome: 'ECONNRESET', bytes: 0 });
    expect(opened.admitted).toHaveLength(0);
    expect(await attempt(opened.port, '127.0.0.1')).toEqual({ outcome: 'connected', bytes: 1 });
    expect(gate.counters).toMatchObject({ accepted: 1, refused: 1 });
  });

  test('in the kernel: a stranger gets no answer at all, or it is said why not', async () => {
    const opened = await open(true, '127.0.0.1', '127.0.0.1');
    gate = opened.gate;
    expect(await attempt(opened.port, '127.0.0.1')).toEqual({ outcome: 'connected', bytes: 1 });
    const stranger = await attempt(opened.port, '127.0.0.2');
    if (gate.kernelFilter.active) {
      expect(stranger).toEqual({ outcome: 'unanswered', bytes: 0 });
      // The process never heard of him.
      expect(gate.counters.refused).toBe(0);
    } else {
      expect(gate.kernelFilter.reason).toContain('CAP_NET_ADMIN');
      expect(stranger).toEqual({ outcome: 'ECONNRESET', bytes: 0 });
    }
  });

  test.each([false, true])(
    'a new list counts at once, also for those who are in (kernel: %s)',
    async (inKernel) => {
      const opened = await open(inKernel, '127.0.0.1', '127.0.0.1', '127.0.0.2');
      gate = opened.gate;
      const inside = net.connect({ port: opened.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
      const staying = net.connect({ port: opened.port, host: '127.0.0.1', localAddress: '127.0.0.1' });
      await Promise.all([once(inside, 'data'), once(staying, 'data')]);
      const ended = once(inside, 'error');
      gate.replace(rangesOf('127.0.0.1', '127.0.0.3'));
      expect(((await ended) as NodeJS.ErrnoException[])[0]?.code).toBe('ECONNRESET');
      expect(gate.counters.expelled).toBe(1);
      expect(staying.destroyed).toBe(false);
      expect(await attempt(opened.port, '127.0.0.3')).toEqual({ outcome: 'connected', bytes: 1 });
      const gone = await attempt(opened.port, '127.0.0.2');
      expect(gone.bytes).toBe(0);
      expect(gone.outcome).toBe(gate.kernelFilter.active ? 'unanswered' : 'ECONNRESET');
      staying.destroy();
    },
  );

  test.each([false, true])(
    'on an address of both families an IPv4 stranger is told by his IPv4 address (kernel: %s)',
    async (inKernel) => {
      const opened = await open(inKernel, '::', '127.0.0.1', '::1');
      gate = opened.gate;
      expect((await attempt(opened.port, '127.0.0.1')).outcome).toBe('connected');
      expect((await attempt(opened.port, '::1', '::1')).outcome).toBe('connected');
      const stranger = await attempt(opened.port, '127.0.0.2');
      expect(stranger).toEqual({ outcome: gate.kernelFilter.active ? 'unanswered' : 'ECONNRESET', bytes: 0 });
    },
  );

  test('a port that is taken is said as such, with and without the kernel', async () => {
    const opened = await open(false, '127.0.0.1', '127.0.0.1');
    gate = opened.gate;
    for (const inKernel of [false, true]) {
      const second = new AddressGate(new AddressList([]), log, inKernel);
      await expect(second.listen({ host: '127.0.0.1', port: opened.port })).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
    }
  });
});
