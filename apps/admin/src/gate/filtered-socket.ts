import { isIP } from 'node:net';
import type { AddressRange } from './address-list.js';
import { addressBytes } from './address-list.js';
import type { Libc } from './libc.js';
import { encodeFilter, socketFilter } from './socket-filter.js';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
/** `SOCK_NONBLOCK | SOCK_CLOEXEC` of Linux. */
const NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_ATTACH_FILTER = 26;
const BACKLOG = 511;

/** A system call that failed; `code` is the name of the error. */
export class SocketError extends Error {
  override readonly name = 'SocketError';

  constructor(
    readonly call: string,
    readonly code: string,
  ) {
    super(`${call} failed with ${code}`);
  }
}

/**
 * A listening TCP socket of Linux with a filter that was there before it had an address: not one SYN of a stranger is
 * answered. `fd` is for `net.Server.listen`, which owns it from then on.
 */
export class FilteredSocket {
  private constructor(
    private readonly libc: Libc,
    readonly fd: number,
  ) {}

  /**
   * Opens the socket, attaches the filter, binds and listens.
   * @param host an IP address; `::` takes IPv4 as well
   * @throws SocketError `EPERM` without the right to filter (`CAP_NET_ADMIN`), `E2BIG` for too many ranges, `EADDRINUSE` …
   */
  static listen(
    libc: Libc,
    at: { host: string; port: number },
    ranges: readonly AddressRange[],
  ): FilteredSocket {
    const isV6 = isIP(at.host) === 6;
    const fd = libc.socket(isV6 ? AF_INET6 : AF_INET, SOCK_STREAM | NONBLOCK_CLOEXEC, 0);
    if (fd < 0) throw new SocketError('socket', libc.errorName());
    const socket = new FilteredSocket(libc, fd);
    try {
      socket.check('setsockopt', libc.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, int32(1), 4));
      socket.replaceFilter(ranges);
      const address = socketAddress(at.host, at.port);
      socket.check('bind', libc.bind(fd, address, address.length));
      socket.check('listen', libc.listen(fd, BACKLOG));
      return socket;
    } catch (error) {
      libc.close(fd);
      throw error;
    }
  }

  /**
   * Puts another filter in the place of the present one, in one step.
   * @throws SocketError; the filter stays as it was
   */
  replaceFilter(ranges: readonly AddressRange[]): void {
    const program = socketFilter(ranges);
    if (program === undefined) throw new SocketError('setsockopt', 'E2BIG');
    const code = encodeFilter(program);
    // struct sock_fprog: the number of instructions, and at the next pointer's place where they are.
    const description = Buffer.alloc(16);
    description.writeUInt16LE(program.length, 0);
    description.writeBigUInt64LE(this.libc.addressOf(code), 8);
    this.check('setsockopt', this.libc.setsockopt(this.fd, SOL_SOCKET, SO_ATTACH_FILTER, description, 16));
    // The kernel has copied it; until here the buffer must not be collected.
    code.fill(0);
  }

  private check(call: string, result: number): void {
    if (result < 0) throw new SocketError(call, this.libc.errorName());
  }
}

/** `struct sockaddr_in` or `sockaddr_in6`. */
function socketAddress(host: string, port: number): Buffer {
  const isV6 = isIP(host) === 6;
  const bytes = Buffer.alloc(isV6 ? 28 : 16);
  bytes.writeUInt16LE(isV6 ? AF_INET6 : AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(addressBytes({ family: isV6 ? 6 : 4, address: host }), isV6 ? 8 : 4);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
