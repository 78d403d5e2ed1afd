import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text, textOrNull } from './columns.js';

/** A client certificate for the operators' dashboard. One that has no row is not let in. */
@Entity('operator_certificate')
export class OperatorCertificate {
  /** Lower-case hexadecimal. */
  @PrimaryColumn(text) serial: string;
  @Column(text) name: string;
  /** Unix seconds, as in the certificate. */
  @Column(bigint) issuedAt: number;
  /** Unix seconds; valid before it. */
  @Column(bigint) expiresAt: number;
  @Column(bigint) createdAt: number;
  @Column(bigintOrNull) revokedAt: number | null;
  @Column(textOrNull) revokeReason: string | null;
}
