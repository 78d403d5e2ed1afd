import type { ServerLog } from '@ranked/store';
import type { LogLineView } from '../api/contract.js';

/** A log line as lists show it. The master has made its text printable before it was stored. */
export function logLineView(line: ServerLog & { readonly serverName: string | null }): LogLineView {
  return { ...line, serverName: line.serverName ?? line.serverId };
}
