import { EventEmitter, once } from 'node:events';
import { createServer, isIP, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Logger } from '../logging/logger.js';
import { AddressList, type AddressRange } from './address-list.js';
import { FilteredSocket, SocketError } from './filtered-socket.js';
import { openLibc } from './libc.js';

/** Connections at once, before and after TLS; more are reset at accept. */
const MAX_CONNECTIONS = 512;

/** Whether the kernel drops strangers' packets, or why not. */
export interface KernelFilter {
  active: boolean;
  reason: string | null;
}

/** What the gate counts. */
export interface GateCounters {
  accepted: number;
  /** Reset at accept: not on the list. */
  refused: number;
  /** Ended because the list changed. */
  expelled: number;
}

/**
 * The first lock. Who is not on the list is reset at accept, before one byte of TLS; where the kernel lets us, his SYN is not
 * even answered. Nothing that a connection says is asked for its address: only where its packets come from counts.
 */
export class AddressGate extends EventEmitter<{ admitted: [socket: Socket] }> {
  readonly counters: GateCounters = { accepted: 0, refused: 0, expelled: 0 };
  kernelFilter: KernelFilter = { active: false, reason: 'not listening yet' };
  private readonly server: Server;
  private readonly open = new Set<Socket>();
  private filtered: FilteredSocket | undefined;

  /** @param filterInKernel false leaves the kernel's part away */
  constructor(
    private list: AddressList,
    private readonly log: Logger,
    private readonly filterInKernel = true,
  ) {
    super();
    this.server = createServer({ noDelay: true }, (socket) => this.judge(socket));
    this.server.maxConnections = MAX_CONNECTIONS;
  }

  /**
   * Opens the listener.
   * @throws an error with `code`, such as `EADDRINUSE`
   */
  async listen(at: { host: string; port: number }): Promise<AddressInfo> {
    this.filtered = this.openFiltered(at);
    if (this.filtered) this.server.listen({ fd: this.filtered.fd });
    else this.server.listen(at.port, at.host);
    await once(this.server, 'listening');
    return this.server.address() as AddressInfo;
  }

  /** From now on this list counts. Connections that are not on it end at once. */
  replace(ranges: readonly AddressRange[]): void {
    this.list = new AddressList(ranges);
    try {
      this.filtered?.replaceFilter(ranges);
      if (this.filtered) this.kernelFilter = { active: true, reason: null };
    } catch (error) {
      // The old filter would keep newcomers of the new list out, and says nothing of those who left it: that is the first gate's.
      this.kernelFilter = { active: true, reason: `it still has the list before: ${reasonOf(error)}` };
      this.log.error({ err: error }, 'the kernel filter could not be replaced');
    }
    for (const socket of this.open) {
      if (this.list.allows(socket.remoteAddress)) continue;
      this.counters.expelled += 1;
      socket.resetAndDestroy();
    }
  }

  /** Whether an address is on the list. */
  allows(address: string): boolean {
    return this.list.allows(address);
  }

  /** No further connection; those that are open are ended. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private judge(socket: Socket): void {
    // Of a connection that was reset in the meantime there is no address: it is not on the list either.
    if (!this.list.allows(socket.remoteAddress)) {
      this.counters.refused += 1;
      socket.resetAndDestroy();
      return;
    }
    this.counters.accepted += 1;
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    this.emit('admitted', socket);
  }

  private openFiltered(at: { host: string; port: number }): FilteredSocket | undefined {
    const without = (reason: string): undefined => {
      this.kernelFilter = { active: false, reason };
      this.log.info(
        { reason },
        'no filter in the kernel: strangers are reset when their connection is accepted',
      );
      return undefined;
    };
    if (!this.filterInKernel) return without('switched off');
    if (process.platform !== 'linux') return without(`${process.platform} has none`);
    if (isIP(at.host) === 0) return without('the listening address is a host name');
    try {
      const socket = FilteredSocket.listen(openLibc(), at, this.list.ranges);
      this.kernelFilter = { active: true, reason: null };
      return socket;
    } catch (error) {
      // A port that is taken is no matter of filters.
      if (error instanceof SocketError && error.call === 'bind') throw error;
      return without(reasonOf(error));
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SocketError && error.code === 'EPERM')
    return 'the process has not the right to (CAP_NET_ADMIN)';
  if (error instanceof SocketError && error.code === 'E2BIG') return 'the list is too long';
  return error instanceof Error ? error.message : String(error);
}
