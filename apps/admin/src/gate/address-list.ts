import { BlockList, isIP } from 'node:net';

/** A range of addresses: `bits` leading bits of `address` count. */
export interface AddressRange {
  family: 4 | 6;
  /** In its plain form: IPv4 mapped into IPv6 is IPv4. */
  address: string;
  bits: number;
}

/** Most ranges of one list; the kernel's filter has room for these. */
export const MAX_RANGES = 300;

/**
 * Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`, or an IPv4 address mapped into IPv6 with or without a prefix. Bits beyond
 * the prefix may be set and do not count. Zones (`fe80::1%eth0`) and prefixes of mapped addresses that reach beyond them are
 * refused.
 * @returns undefined if it is none
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, address = '', prefix] = /^([0-9A-Fa-f:.]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const width = version === 4 ? 32 : 128;
  const bits = prefix === undefined ? width : Number(prefix);
  if (bits > width) return undefined;
  const mapped = version === 6 ? mappedAddress(address) : undefined;
  if (mapped === undefined) return { family: version === 4 ? 4 : 6, address, bits };
  return bits < 96 ? undefined : { family: 4, address: mapped, bits: bits - 96 };
}

/** An address without its zone, and as IPv4 where it is one mapped into IPv6. */
export function plainAddress(address: string): string {
  const bare = address.split('%')[0] ?? address;
  return isIP(bare) === 6 ? (mappedAddress(bare) ?? bare) : bare;
}

/** Who may connect. */
export class AddressList {
  // One for each family: in a common one an IPv6 range such as ::/0 would take in every IPv4 address as well.
  private readonly lists = { 4: new BlockList(), 6: new BlockList() } as const;

  constructor(readonly ranges: readonly AddressRange[]) {
    for (const { family, address, bits } of ranges)
      this.lists[family].addSubnet(address, bits, `ipv${family}`);
  }

  /** Whether a remote address, as sockets tell it, is on the list. What is no address is not. */
  allows(address: string | undefined): boolean {
    const plain = address === undefined ? '' : plainAddress(address);
    const version = isIP(plain);
    if (version === 4) return this.lists[4].check(plain, 'ipv4');
    return version === 6 && this.lists[6].check(plain, 'ipv6');
  }
}

/** The bytes of an address in network order, 4 or 16. */
export function addressBytes({ family, address }: Pick<AddressRange, 'family' | 'address'>): Uint8Array {
  if (family === 4) return Uint8Array.from(address.split('.').map(Number));
  // The URL parser writes every IPv6 address in one form: hexadecimal groups, at most one `::`.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [head = [], tail = []] = groups.map((part) => (part === '' ? [] : part.split(':')));
  const zeros = groups.length === 1 ? 0 : 8 - head.length - tail.length;
  const all = [...head, ...Array<string>(zeros).fill('0'), ...tail].map((group) => parseInt(group, 16));
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function mappedAddress(address: string): string | undefined {
  const bytes = addressBytes({ family: 6, address });
  const isMapped =
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.subarray(12).join('.') : undefined;
}
