import type { ProtocolError } from '../errors.js';
import { RefusalStatus, RefusedError } from '../handshake/refusal.js';

/** Refusals that another attempt would only meet again: somebody has to do something first. */
const FINAL_REFUSALS: ReadonlySet<number> = new Set<number>([
  RefusalStatus.Expired,
  RefusalStatus.Revoked,
  RefusalStatus.NotSigned,
  RefusalStatus.Version,
  RefusalStatus.Banned,
]);

/**
 * Whether a client must stop instead of connecting again. `superseded` is among the reasons: two clients with one
 * credential that both reconnected would throw each other out for ever. So is `signature`: whoever answered does
 * not hold the pinned key.
 */
export function isFatal(error: ProtocolError): boolean {
  if (error instanceof RefusedError) return FINAL_REFUSALS.has(error.status);
  return error.code === 'superseded' || error.code === 'signature';
}
