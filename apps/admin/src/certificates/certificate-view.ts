import type { CertificateSummary, OperatorCertificate } from '@ranked/store';
import type { CertificateStatus, CertificateView, OperatorCertificateView } from '../api/contract.js';
import type { Operator } from '../operators/operator.js';

/** A certificate with less than this left is about to expire, seconds. */
export const EXPIRING_S = 30 * 86_400;

/** A game server's certificate as lists show it. */
export function certificateView(
  record: CertificateSummary,
  masterKeyId: string | null,
  now: number,
): CertificateView {
  return {
    uuid: record.uuid,
    name: record.name,
    // By whole seconds, as the filters of the list and the master's doors have it.
    status: statusOf(record, masterKeyId, Math.floor(now / 1000)),
    issuedAt: record.issuedAt * 1000,
    expiresAt: record.expiresAt * 1000,
    masterKeyId: record.masterKeyId,
    publicHost: record.publicHost,
    createdAt: record.createdAt,
    revokedAt: record.revokedAt,
    revokeReason: record.revokeReason,
    online: record.online,
  };
}

function statusOf(
  record: CertificateSummary,
  masterKeyId: string | null,
  seconds: number,
): CertificateStatus {
  if (record.revokedAt !== null) return 'revoked';
  if (masterKeyId !== null && record.masterKeyId !== masterKeyId) return 'other-key';
  if (record.expiresAt <= seconds) return 'expired';
  return record.expiresAt - seconds < EXPIRING_S ? 'expiring' : 'valid';
}

/** An operator's certificate as lists show it. */
export function operatorCertificateView(
  record: OperatorCertificate,
  operator: Operator,
  now: number,
): OperatorCertificateView {
  const { serial, name, issuedAt, expiresAt, revokedAt, revokeReason } = record;
  return {
    serial,
    name,
    issuedAt: issuedAt * 1000,
    expiresAt: expiresAt * 1000,
    status: revokedAt !== null ? 'revoked' : expiresAt * 1000 <= now ? 'expired' : 'valid',
    revokedAt,
    revokeReason,
    own: serial === operator.serial,
  };
}
