import type { MasterConfig } from '../config/master-config.js';

/**
 * When a match is given to another server unless its server has acknowledged it by then, Unix ms. One tick more than
 * the Ack's own time-out: the courier starts after the commit, and its verdict comes first where the master lives on.
 */
export function reservingUntil(config: MasterConfig, now: number): number {
  return now + config.allowAckTimeoutMs + config.tickMs;
}

/** When a match that its server acknowledged now must have started, Unix ms. */
export function readyUntil(config: MasterConfig, now: number): number {
  return now + config.reservationMs;
}

/** How long a connection may be silent before it is dropped; a row that was written longer ago is nobody's. */
export function silenceMs(config: MasterConfig): number {
  return 3 * config.heartbeatMs + 2 * config.tickMs;
}
