import { IsNull, MoreThan } from 'typeorm';
import { CertificateRecord } from '../entities/certificate-record.js';
import { columnList } from '../sql/snake-naming.js';
import { json } from '../sql/text.js';
import { StoreError } from '../store-error.js';
import type { ReadTx, Tx } from '../sql/tx.js';
import { inForce, presentSecond } from './certificate-in-force.js';

const COLUMNS = columnList('c', [
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
]);

/** Stores an issued certificate with its 32-byte secret sealed, or says that the UUID is `taken`. Dates are Unix seconds. */
export async function insert(
  tx: Tx,
  certificate: {
    uuid: string;
    name: string;
    issuedAt: number;
    expiresAt: number;
    secret: Uint8Array;
    masterKeyId: string;
    publicHost?: string | null;
  },
): Promise<CertificateRecord | 'taken'> {
  const { uuid, name, issuedAt, expiresAt, secret, masterKeyId, publicHost = null } = certificate;
  if (secret.length !== 32) throw new StoreError('invalid_value', 'secret must have 32 bytes');
  const now = tx.now();
  const inserted = await tx.run(
    `INSERT INTO certificate
       (uuid, name, issued_at, expires_at, secret_sealed, master_key_id, public_host, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING`,
    [
      uuid,
      name,
      issuedAt,
      expiresAt,
      tx.sealer.seal('certificate', uuid, secret),
      masterKeyId,
      publicHost,
      now,
    ],
  );
  if (inserted === 0) return 'taken';
  return {
    uuid,
    name,
    issuedAt,
    expiresAt,
    masterKeyId,
    publicHost,
    createdAt: now,
    revokedAt: null,
    revokeReason: null,
    changedAt: now,
  };
}

/**
 * A certificate, without its secret; null when there is none. By hand, because it is read with every result and every handshake: a
 * prepared statement costs a third of `findOne`.
 */
export async function byUuid(tx: ReadTx, uuid: string): Promise<CertificateRecord | null> {
  const [row] = await tx.rows<CertificateRecord>(`SELECT ${COLUMNS} FROM certificate c WHERE c.uuid = $1`, [
    uuid,
  ]);
  return row ?? null;
}

/** Whether a certificate is known and in force now. */
export async function isInForce(tx: ReadTx, uuid: string): Promise<boolean> {
  const rows = await tx.rows<{ uuid: string }>(
    `SELECT c.uuid FROM certificate c WHERE c.uuid = $1 AND ${inForce('$2')}`,
    [uuid, presentSecond(tx)],
  );
  return rows.length === 1;
}

/**
 * The certificate with its 32-byte secret, for a handshake; null when there is none. Whether it is in force the caller judges.
 * @throws StoreError `sealed_value` when the row was tampered with
 */
export async function withSecret(
  tx: ReadTx,
  uuid: string,
): Promise<{ readonly certificate: CertificateRecord; readonly secret: Buffer } | null> {
  const [row] = await tx.rows<CertificateRecord & { secretSealed: string }>(
    `SELECT ${COLUMNS}, c.secret_sealed AS "secretSealed" FROM certificate c WHERE c.uuid = $1`,
    [uuid],
  );
  if (row === undefined) return null;
  const { secretSealed, ...certificate } = row;
  return { certificate, secret: tx.sealer.open('certificate', uuid, secretSealed) };
}

/** A page of certificates in the order of their UUIDs, 100 unless said; `active` leaves out the revoked and the expired. */
export function list(
  tx: ReadTx,
  page: { limit?: number; after?: string; active?: boolean } = {},
): Promise<CertificateRecord[]> {
  return tx.find(CertificateRecord, {
    where: {
      ...(page.after === undefined ? {} : { uuid: MoreThan(page.after) }),
      ...(page.active === true ? { revokedAt: IsNull(), expiresAt: MoreThan(presentSecond(tx)) } : {}),
    },
    order: { uuid: 'ASC' },
    take: page.limit ?? 100,
  });
}

/** Certificates still in force that expire at or before `before` (Unix seconds), the next one first. */
export async function expiring(tx: ReadTx, before: number): Promise<CertificateRecord[]> {
  return tx.rows<CertificateRecord>(
    `SELECT ${COLUMNS} FROM certificate c
     WHERE c.revoked_at IS NULL AND c.expires_at > $1 AND c.expires_at <= $2 ORDER BY c.expires_at, c.uuid`,
    [presentSecond(tx), before],
  );
}

/** Revokes a certificate now. False when there is none of that UUID or it was revoked before. */
export async function revoke(tx: Tx, uuid: string, reason: string): Promise<boolean> {
  const revoked = await tx.run(
    `UPDATE certificate SET revoked_at = $2, changed_at = $2, revoke_reason = $3
     WHERE uuid = $1 AND revoked_at IS NULL`,
    [uuid, tx.now(), reason],
  );
  return revoked === 1;
}

/**
 * Those of `uuids` that are revoked, or no longer there. It names no time, so clocks of the processes that write
 * revocations do not matter.
 */
export async function revokedAmong(tx: ReadTx, uuids: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ uuid: string }>(
    `SELECT uuid FROM certificate WHERE ${tx.dialect.among('uuid', '$1')} AND revoked_at IS NULL`,
    [json(uuids)],
  );
  const standing = new Set(rows.map((row) => row.uuid));
  return uuids.filter((uuid) => !standing.has(uuid));
}

/** Certificates that die when that master key is replaced. */
export function countActiveUnderKey(tx: ReadTx, masterKeyId: string): Promise<number> {
  return countWhere(tx, 'AND master_key_id = $2', [masterKeyId]);
}

/** Certificates neither revoked nor expired. */
export function countActive(tx: ReadTx): Promise<number> {
  return countWhere(tx, '', []);
}

async function countWhere(tx: ReadTx, condition: string, parameters: string[]): Promise<number> {
  const [row] = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM certificate WHERE revoked_at IS NULL AND expires_at > $1 ${condition}`,
    [presentSecond(tx), ...parameters],
  );
  return row?.n ?? 0;
}
