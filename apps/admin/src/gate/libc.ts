import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';
import type * as Koffi from 'koffi';

/** The few system calls that Node has no way to. All give -1 and set errno when they fail. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number;
  bind(fd: number, address: Buffer, length: number): number;
  listen(fd: number, backlog: number): number;
  close(fd: number): number;
  /** The address of a buffer's bytes, for structures that point to them; valid as long as the buffer lives. */
  addressOf(buffer: Buffer): bigint;
  /** The name of the last error, such as `EPERM`. */
  errorName(): string;
}

/**
 * Opens the C library.
 * @throws an error of koffi where there is none that it can open
 */
export function openLibc(): Libc {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const libc = openFirst(koffi, ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1']);
  return {
    socket: libc.func('int socket(int, int, int)') as Libc['socket'],
    setsockopt: libc.func('int setsockopt(int, int, int, const void *, uint32_t)') as Libc['setsockopt'],
    bind: libc.func('int bind(int, const void *, uint32_t)') as Libc['bind'],
    listen: libc.func('int listen(int, int)') as Libc['listen'],
    close: libc.func('int close(int)') as Libc['close'],
    addressOf: (buffer) => BigInt(koffi.address(buffer)),
    errorName: () => getSystemErrorName(-koffi.errno()),
  };
}

function openFirst(koffi: typeof Koffi, names: readonly string[]): ReturnType<typeof Koffi.load> {
  const errors: unknown[] = [];
  for (const name of names) {
    try {
      return koffi.load(name);
    } catch (error) {
      errors.push(error);
    }
  }
  throw new AggregateError(errors, 'there is no C library of a known name');
}
