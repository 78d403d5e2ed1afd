import type { CertificateRecord } from '../../entities/certificate-record.js';
import { columnList } from '../../sql/snake-naming.js';
import type { ReadTx } from '../../sql/tx.js';
import { Conditions } from './conditions.js';

/** A certificate, and whether its server is connected. */
export type CertificateSummary = Omit<CertificateRecord, 'secretSealed'> & { readonly online: boolean };

const NAMES = [
  'uuid',
  'name',
  'issuedAt',
  'expiresAt',
  'masterKeyId',
  'publicHost',
  'createdAt',
  'revokedAt',
  'revokeReason',
  'changedAt',
] as const;

/** What a list of certificates is narrowed to. Times are Unix seconds. */
export interface CertificateFilter {
  uuid?: string;
  /** Part of the name or of the UUID. */
  text?: string;
  revoked?: boolean;
  /** Exclusive. */
  expiresAfter?: number;
  /** Inclusive. */
  expiresUntil?: number;
  masterKeyId?: string;
  notMasterKeyId?: string;
  /** The last one of the page before. */
  after?: { readonly expiresAt: number; readonly uuid: string };
  /** 50 unless said. */
  limit?: number;
}

/** Certificates, those that expire first come first. */
export async function certificatePage(tx: ReadTx, wanted: CertificateFilter): Promise<CertificateSummary[]> {
  const where = new Conditions()
    .and((p) => `c.uuid = ${p}`, wanted.uuid)
    .and((p) => `c.expires_at > ${p}`, wanted.expiresAfter)
    .and((p) => `c.expires_at <= ${p}`, wanted.expiresUntil)
    .and((p) => `c.master_key_id = ${p}`, wanted.masterKeyId)
    .and((p) => `c.master_key_id <> ${p}`, wanted.notMasterKeyId)
    .contains(`(c.name || ' ' || c.uuid)`, wanted.text);
  if (wanted.revoked !== undefined) where.add(`c.revoked_at IS ${wanted.revoked ? 'NOT ' : ''}NULL`);
  if (wanted.after) {
    const { expiresAt, uuid } = wanted.after;
    where.add(`(c.expires_at, c.uuid) > (${where.parameter(expiresAt)}, ${where.parameter(uuid)})`);
  }
  const limit = where.parameter(wanted.limit ?? 50);
  const rows = await tx.rows<Omit<CertificateSummary, 'online'> & { online: number }>(
    `SELECT ${columnList('c', NAMES)}, coalesce(s.online, 0) AS online
     FROM certificate c LEFT JOIN game_server s ON s.id = c.uuid ${where.sql}
     ORDER BY c.expires_at, c.uuid LIMIT ${limit}`,
    where.parameters,
  );
  return rows.map((row) => ({ ...row, online: row.online === 1 }));
}
