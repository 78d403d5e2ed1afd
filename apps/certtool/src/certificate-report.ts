import { certificateStatus, masterKeyId, type Certificate } from '@ranked/cert';
import { dateText } from './output.js';

/** What is told of a certificate: never its secret. The JSON of `inspect` and `verify`. */
export interface CertificateReport {
  uuid: string;
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds. */
  expiresAt: number;
  status: 'valid' | 'not-yet-valid' | 'expired' | 'bad-signature' | 'revoked' | 'unknown';
  /** `unchecked` when no master key was given. */
  signature: 'good' | 'bad' | 'unchecked';
  /** The name of the key it was checked against, or null. */
  masterKeyId: string | null;
  /** Whole seconds until it expires, negative afterwards. */
  secondsLeft: number;
}

/**
 * Judges a certificate by itself.
 *
 * @param now Unix seconds
 */
export function reportOn(
  certificate: Certificate,
  publicKey: Uint8Array | undefined,
  now: number,
): CertificateReport {
  const status = certificateStatus(certificate, { masterPublicKey: publicKey, now });
  const checked = status === 'bad-signature' ? 'bad' : 'good';
  return {
    uuid: certificate.uuid,
    issuedAt: certificate.issuedAt,
    expiresAt: certificate.expiresAt,
    status,
    signature: publicKey ? checked : 'unchecked',
    masterKeyId: publicKey ? masterKeyId(publicKey) : null,
    secondsLeft: Math.floor(certificate.expiresAt - now),
  };
}

/** The lines that people read. */
export function reportLines(report: CertificateReport): [label: string, value: string][] {
  const signature =
    report.masterKeyId === null ? 'not checked' : `${report.signature}, master key ${report.masterKeyId}`;
  return [
    ['uuid', report.uuid],
    ['issued', dateText(report.issuedAt)],
    ['expires', `${dateText(report.expiresAt)} (${remainingText(report.secondsLeft)})`],
    ['signature', signature],
    ['status', report.status],
  ];
}

function remainingText(seconds: number): string {
  const span = Math.abs(seconds);
  const [size, unit] = span >= 172_800 ? [86_400, 'days'] : span >= 7200 ? [3600, 'hours'] : [60, 'minutes'];
  const count = Math.floor(span / size);
  return seconds > 0 ? `in ${count} ${unit}` : `${count} ${unit} ago`;
}
