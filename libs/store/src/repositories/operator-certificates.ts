import { MoreThan } from 'typeorm';
import { OperatorCertificate } from '../entities/operator-certificate.js';
import { json } from '../sql/text.js';
import type { ReadTx, Tx } from '../sql/tx.js';

/**
 * Notes a certificate that was issued; dates are Unix seconds.
 * @throws StoreError `unique` for a serial that is there
 */
export async function insert(
  tx: Tx,
  {
    serial,
    name,
    issuedAt,
    expiresAt,
  }: { serial: string; name: string; issuedAt: number; expiresAt: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO operator_certificate (serial, name, issued_at, expires_at, created_at) VALUES ($1, $2, $3, $4, $5)`,
    [serial, name, issuedAt, expiresAt, tx.now()],
  );
}

/** The certificate of a serial (lower-case hexadecimal), in force or not; null when none is known. */
export function bySerial(tx: ReadTx, serial: string): Promise<OperatorCertificate | null> {
  return tx.findOne(OperatorCertificate, { serial });
}

/** A page in the order of serials, 100 unless said; `after` is the last serial of the page before. */
export function list(
  tx: ReadTx,
  page: { limit?: number; after?: string } = {},
): Promise<OperatorCertificate[]> {
  return tx.find(OperatorCertificate, {
    where: page.after === undefined ? {} : { serial: MoreThan(page.after) },
    order: { serial: 'ASC' },
    take: page.limit ?? 100,
  });
}

/** Revokes a certificate now. False when there is none of that serial or it was revoked before. */
export async function revoke(tx: Tx, serial: string, reason: string): Promise<boolean> {
  const revoked = await tx.run(
    `UPDATE operator_certificate SET revoked_at = $2, revoke_reason = $3 WHERE serial = $1 AND revoked_at IS NULL`,
    [serial, tx.now(), reason],
  );
  return revoked === 1;
}

/** Those of `serials` that are known, not revoked, and not expired. */
export async function inForceAmong(tx: ReadTx, serials: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ serial: string }>(
    `SELECT serial FROM operator_certificate
     WHERE ${tx.dialect.among('serial', '$1')} AND revoked_at IS NULL AND expires_at > $2`,
    [json(serials), Math.floor(tx.now() / 1000)],
  );
  return new Set(rows.map(({ serial }) => serial));
}

/**
 * Whether this one is known, not revoked, and not expired; and on PostgreSQL it stays so until the commit, since whoever revokes it
 * waits: of two operators who revoke each other one is too late.
 */
export async function holdInForce(tx: Tx, serial: string): Promise<boolean> {
  const rows = await tx.rows(
    `SELECT 1 AS held FROM operator_certificate
     WHERE serial = $1 AND revoked_at IS NULL AND expires_at > $2${tx.dialect.forUpdate}`,
    [serial, Math.floor(tx.now() / 1000)],
  );
  return rows.length > 0;
}
