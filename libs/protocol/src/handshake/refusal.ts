import { ProtocolError } from '../errors.js';
import type { Service } from '../service.js';

/** The `status` of a CHALLENGE that refuses. */
export const RefusalStatus = {
  /** The clocks differ by more than the drift. */
  ClockDiffers: 1,
  /** The certificate or ticket is expired, or not valid yet. */
  Expired: 2,
  Revoked: 3,
  /** The certificate is not signed by the present master key. */
  NotSigned: 4,
  /** The version or the flags are not supported. */
  Version: 5,
  Maintenance: 6,
  Banned: 7,
  Full: 8,
} as const;

/** The number of a refusal. */
export type RefusalStatus = (typeof RefusalStatus)[keyof typeof RefusalStatus];

/** The master refused the handshake, and proved that it was the master. `code` is `refused`. */
export class RefusedError extends ProtocolError {
  override readonly name = 'RefusedError';
  /** A `RefusalStatus`, or a number that this version does not know. */
  readonly status: number;
  /** The master's clock minus this one, in ms: what to add to the own clock. */
  readonly clockDifferenceMs: number;

  /** @param clockDifferenceMs the master's clock minus this one */
  constructor(service: Service, status: number, clockDifferenceMs: number) {
    super('refused', refusalMessage(service, status, clockDifferenceMs));
    this.status = status;
    this.clockDifferenceMs = clockDifferenceMs;
  }
}

function refusalMessage(service: Service, status: number, clockDifferenceMs: number): string {
  const credential = service === 'S2S' ? 'certificate' : 'ticket';
  switch (status) {
    case RefusalStatus.ClockDiffers:
      return `clock differs by ${Math.round(Math.abs(clockDifferenceMs) / 1000)} s`;
    case RefusalStatus.Expired:
      return `${credential} expired`;
    case RefusalStatus.Revoked:
      return `${credential} revoked`;
    case RefusalStatus.NotSigned:
      return `${credential} not signed by the present master key`;
    case RefusalStatus.Version:
      return 'protocol version not supported';
    case RefusalStatus.Maintenance:
      return 'the master is in maintenance';
    case RefusalStatus.Banned:
      return 'banned';
    case RefusalStatus.Full:
      return 'the master is full';
    default:
      return `refused with the unknown status ${status}`;
  }
}
