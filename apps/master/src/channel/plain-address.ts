import { isIPv4 } from 'node:net';

/** `::ffff:192.0.2.1` as `192.0.2.1`; every other address as it is. Players are sent to what comes out of this. */
export function plainAddress(address: string): string {
  const mapped = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : '';
  return isIPv4(mapped) ? mapped : address;
}
