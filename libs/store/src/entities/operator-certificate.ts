import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text, textOrNull } from './columns.js';

/** A client certificate for the operators' dashboard. One that has no row is not let in. */
@Entity('operator_certificate')
export class OperatorCertificate {
  /** Lower-case hexadecimal. */
  @PrimaryColumn(text) serial: string;
  /** The operator's: the common name, and the actor of his rows in the audit log. */
  @Column(text) name: string;
  /** Unix seconds, as in the certificate. */
  @Column(bigint) issuedAt: number;
  /** Unix seconds; valid before it. */
  @Column(bigint) expiresAt: number;
  /** When the row was made, Unix ms, as is `revokedAt`. */
  @Column(bigint) createdAt: number;
  @Column(bigintOrNull) revokedAt: number | null;
  @Column(textOrNull) revokeReason: string | null;
}
