import { addressBytes, type AddressRange } from './address-list.js';

/** An instruction of classic BPF (`struct sock_filter`, linux/filter.h). */
export interface Instruction {
  code: number;
  /** Instructions to skip if the comparison holds, and if it does not. */
  jt: number;
  jf: number;
  k: number;
}

/** Longest program the kernel takes (`BPF_MAXINSNS`). */
export const MAX_INSTRUCTIONS = 4096;

const LOAD_WORD = 0x20;
const LOAD_BYTE = 0x30;
const AND = 0x54;
const JUMP = 0x05;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
/** Adding this to an offset counts it from the network header (`SKF_NET_OFF`), wherever the kernel's pointer stands. */
const NETWORK = 0xfff0_0000;
const IPV4_SOURCE = NETWORK + 12;
const IPV6_SOURCE = NETWORK + 8;
const ACCEPT = 0xffff_ffff;
const DROP = 0;

/**
 * The program that lets packets from these ranges through and drops all others, on IPv4 and IPv6 sockets and on those that
 * take both. On a listening TCP socket that means: who is not on the list gets no answer to his SYN.
 * @returns undefined if it would be longer than the kernel takes
 */
export function socketFilter(ranges: readonly AddressRange[]): Instruction[] | undefined {
  const rules4 = ranges.filter(({ family }) => family === 4).flatMap(ruleOf);
  const rules6 = ranges.filter(({ family }) => family === 6).flatMap(ruleOf);
  const program: Instruction[] = [
    // The version is the upper half of the first byte of either header.
    { code: LOAD_BYTE, jt: 0, jf: 0, k: NETWORK },
    { code: AND, jt: 0, jf: 0, k: 0xf0 },
    { code: JUMP_IF_EQUAL, jt: 1, jf: 0, k: 0x40 },
    // A comparison can skip 255 instructions at most, a plain jump any number.
    { code: JUMP, jt: 0, jf: 0, k: rules4.length + 1 },
    ...rules4,
    give(DROP),
    { code: JUMP_IF_EQUAL, jt: 1, jf: 0, k: 0x60 },
    give(DROP),
    ...rules6,
    give(DROP),
  ];
  return program.length <= MAX_INSTRUCTIONS ? program : undefined;
}

/** Compares the source with one range: accepts, or goes on behind itself. */
function ruleOf(range: AddressRange): Instruction[] {
  const words = wordsOf(range);
  const source = range.family === 4 ? IPV4_SOURCE : IPV6_SOURCE;
  const steps = words.map(({ value, mask }, index) => [
    { code: LOAD_WORD, jt: 0, jf: 0, k: source + 4 * index },
    ...(mask === 0xffff_ffff ? [] : [{ code: AND, jt: 0, jf: 0, k: mask }]),
    { code: JUMP_IF_EQUAL, jt: 0, jf: 0, k: value },
  ]);
  const rule = [...steps.flat(), give(ACCEPT)];
  return rule.map((instruction, index) =>
    instruction.code === JUMP_IF_EQUAL ? { ...instruction, jf: rule.length - 1 - index } : instruction,
  );
}

/** The 32-bit words of which any bit counts, with the bits that do. */
function wordsOf(range: AddressRange): { value: number; mask: number }[] {
  const bytes = addressBytes(range);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.ceil(range.bits / 32) }, (_, index) => {
    const bits = Math.min(32, range.bits - 32 * index);
    const mask = bits === 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
    return { value: (view.getUint32(4 * index) & mask) >>> 0, mask };
  });
}

function give(k: number): Instruction {
  return { code: RETURN, jt: 0, jf: 0, k };
}

/** A program as the kernel reads it on this machine, which is little endian wherever Node runs on Linux but for s390x. */
export function encodeFilter(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * program.length);
  program.forEach(({ code, jt, jf, k }, index) => {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(jt, 8 * index + 2);
    bytes.writeUInt8(jf, 8 * index + 3);
    bytes.writeUInt32LE(k >>> 0, 8 * index + 4);
  });
  return bytes;
}
