import fc from 'fast-check';
import {
  AddressList,
  addressBytes,
  parseAddressRange,
  plainAddress,
  type AddressRange,
} from '../src/gate/address-list.js';
import { encodeFilter, MAX_INSTRUCTIONS, socketFilter, type Instruction } from '../src/gate/socket-filter.js';

const rangesOf = (...texts: string[]): AddressRange[] =>
  texts.map((text) => {
    const range = parseAddressRange(text);
    if (!range) throw new Error(`${text} is no range`);
    return range;
  });

describe('a range of addresses', () => {
  test.each([
    ['192.0.2.7', { family: 4, address: '192.0.2.7', bits: 32 }],
    ['192.0.2.0/24', { family: 4, address: '192.0.2.0', bits: 24 }],
    ['0.0.0.0/0', { family: 4, address: '0.0.0.0', bits: 0 }],
    ['2001:db8::/32', { family: 6, address: '2001:db8::', bits: 32 }],
    ['::1', { family: 6, address: '::1', bits: 128 }],
    ['::ffff:192.0.2.7', { family: 4, address: '192.0.2.7', bits: 32 }],
    ['::ffff:c000:207', { family: 4, address: '192.0.2.7', bits: 32 }],
    ['0:0:0:0:0:FFFF:192.0.2.0/120', { family: 4, address: '192.0.2.0', bits: 24 }],
  ])('%s is read', (text, range) => {
    expect(parseAddressRange(text)).toEqual(range);
  });

  test.each([
    '',
    'localhost',
    '192.0.2.7/33',
    '192.0.2.7/-1',
    '192.0.2.7/',
    '192.0.2.7/08',
    '192.0.2.7/ 8',
    '192.0.2',
    '192.0.2.256',
    '0300.0.2.1',
    '0x7f.0.0.1',
    '2130706433',
    '::1/129',
    'fe80::1%eth0',
    '::ffff:192.0.2.7/24',
    '192.0.2.7/24/24',
    '*',
  ])('%j is refused', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });
});

describe('the list', () => {
  test.each([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.1'], '127.0.0.2', false],
    [['127.0.0.1'], '::ffff:127.0.0.1', true],
    [['127.0.0.1'], '::FFFF:7f00:1', true],
    [['127.0.0.1'], '::1', false],
    [['::ffff:127.0.0.0/104'], '127.9.9.9', true],
    [['192.0.2.0/24'], '192.0.2.255', true],
    [['192.0.2.0/24'], '192.0.3.0', false],
    [['192.0.2.77/24'], '192.0.2.1', true],
    [['2001:db8::/33'], '2001:db8:7fff::1', true],
    [['2001:db8::/33'], '2001:db8:8000::1', false],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['::/0'], '192.0.2.1', false],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [[], '127.0.0.1', false],
  ])('%j: %s → %s', (texts, address, allowed) => {
    expect(new AddressList(rangesOf(...texts)).allows(address)).toBe(allowed);
  });

  test.each([undefined, '', 'localhost', '127.0.0.1 ', '127.0.0.1,10.0.0.1', '1'])(
    '%j is nobody',
    (address) => {
      expect(new AddressList(rangesOf('0.0.0.0/0', '::/0')).allows(address)).toBe(false);
    },
  );

  test('an address in its plain form', () => {
    expect(plainAddress('::ffff:10.1.2.3')).toBe('10.1.2.3');
    expect(plainAddress('fe80::1%lo')).toBe('fe80::1');
    expect([...addressBytes({ family: 6, address: '1:2::ff' })]).toEqual([
      0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff,
    ]);
  });
});

/** Classic BPF as net/core/filter.c runs it, for the instructions that are used; `packet` begins at the network header. */
function run(program: readonly Instruction[], packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  let a = 0;
  for (let pc = 0; pc < program.length; pc++) {
    const { code, jt, jf, k } = program[pc] ?? { code: 0, jt: 0, jf: 0, k: 0 };
    const offset = k - 0xfff0_0000;
    if (code === 0x20) {
      // A load beyond the packet ends the program with 0.
      if (offset + 4 > packet.length) return 0;
      a = view.getUint32(offset);
    } else if (code === 0x30) a = view.getUint8(offset);
    else if (code === 0x54) a = (a & k) >>> 0;
    else if (code === 0x15) pc += a === k ? jt : jf;
    else if (code === 0x05) pc += k;
    else if (code === 0x06) return k;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('ran off the end');
}

/** The beginning of a packet from this address, with a destination that must not matter. */
function packetFrom(family: 4 | 6, source: Uint8Array): Uint8Array {
  const packet = new Uint8Array(family === 4 ? 40 : 60).fill(0x7f);
  packet[0] = family === 4 ? 0x45 : 0x60;
  packet.set(source, family === 4 ? 12 : 8);
  return packet;
}

const anyAddress = fc.oneof(
  fc.ipV4().map((address) => ({ family: 4 as const, address })),
  fc.ipV6().map((address) => ({ family: 6 as const, address })),
);
/** Ranges around few addresses, so that addresses hit and miss by single bits. */
const anyRange = anyAddress.chain(({ family, address }) =>
  fc
    .integer({ min: 0, max: family === 4 ? 32 : 128 })
    .map((bits) => ({ text: `${address}/${bits}`, family, address })),
);

describe('the kernel filter', () => {
  test('lets through whom the list lets through, whatever the ranges', () => {
    fc.assert(
      fc.property(
        fc.array(anyRange, { maxLength: 12 }),
        fc.array(fc.record({ of: fc.nat(), bit: fc.nat(127), other: anyAddress }), {
          minLength: 1,
          maxLength: 12,
        }),
        (wanted, probes) => {
          const ranges = wanted.flatMap(({ text }) => parseAddressRange(text) ?? []);
          const program = socketFilter(ranges) ?? [];
          const list = new AddressList(ranges);
          for (const { of, bit, other } of probes) {
            // An address of a range with one bit turned, or any address.
            const near = ranges[of % Math.max(1, ranges.length)];
            const bytes = Uint8Array.from(
              addressBytes(near ?? parseAddressRange(other.address) ?? { family: 4, address: '1.2.3.4' }),
            );
            const family = bytes.length === 4 ? 4 : 6;
            bytes[(bit >> 3) % bytes.length] = (bytes[(bit >> 3) % bytes.length] ?? 0) ^ (1 << (bit & 7));
            const text = family === 4 ? bytes.join('.') : textOf(bytes);
            // An IPv6 packet never has a mapped source: such addresses exist only within a machine.
            if (family === 6 && plainAddress(text) !== text) continue;
            expect([text, run(program, packetFrom(family, bytes)) !== 0]).toEqual([text, list.allows(text)]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('drops what is neither IPv4 nor IPv6, and everything when the list is empty', () => {
    const all = socketFilter(rangesOf('0.0.0.0/0', '::/0')) ?? [];
    const packet = packetFrom(4, Uint8Array.of(127, 0, 0, 1));
    expect(run(all, packet)).not.toBe(0);
    packet[0] = 0x50;
    expect(run(all, packet)).toBe(0);
    const none = socketFilter([]) ?? [];
    expect(run(none, packetFrom(4, Uint8Array.of(127, 0, 0, 1)))).toBe(0);
    expect(run(none, packetFrom(6, new Uint8Array(16)))).toBe(0);
  });

  test('of 300 ranges fits the kernel; of too many there is none', () => {
    const many = (count: number) =>
      Array.from(
        { length: count },
        (_, n) => parseAddressRange(`2001:db8:${n.toString(16)}::/127`) ?? [],
      ).flat();
    expect(socketFilter(many(300))?.length).toBeLessThanOrEqual(MAX_INSTRUCTIONS);
    expect(socketFilter(many(500))).toBeUndefined();
  });

  test('is written as the kernel reads it', () => {
    const bytes = encodeFilter([{ code: 0x15, jt: 1, jf: 2, k: 0x7f000001 }]);
    expect(bytes.toString('hex')).toBe('150001020100007f');
  });
});

function textOf(bytes: Uint8Array): string {
  return Array.from({ length: 8 }, (_, n) =>
    (((bytes[2 * n] ?? 0) << 8) | (bytes[2 * n + 1] ?? 0)).toString(16),
  ).join(':');
}
