import type { AuditEntry } from '@ranked/store';
import type { AuditEntryView } from '../api/contract.js';

/** A row as lists show it. */
export function auditView({
  id,
  at,
  address,
  actor,
  action,
  target,
  result,
  detail,
  count,
}: AuditEntry): AuditEntryView {
  const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail);
  return { id, at, address, actor, action, target, result, detail: isObject ? { ...detail } : {}, count };
}
