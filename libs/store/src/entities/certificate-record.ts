import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text, textOrNull } from './columns.js';

/** A game server's certificate as the master knows it. */
@Entity('certificate')
export class CertificateRecord {
  /** Canonical text; the id of the game server as well. */
  @PrimaryColumn(text) uuid: string;
  @Column(text) name: string;
  /** Unix seconds, as in the certificate file. */
  @Column(bigint) issuedAt: number;
  /** Unix seconds; the certificate is valid before it. */
  @Column(bigint) expiresAt: number;
  /** The certificate's secret, sealed for this row. */
  @Column({ ...text, select: false }) secretSealed?: string;
  /** Which master key signed it. */
  @Column(text) masterKeyId: string;
  /** The address to give to players, when it is not the one that the server names. */
  @Column(textOrNull) publicHost: string | null;
  /** When the row was made. This, `revokedAt` and `changedAt` are Unix ms. */
  @Column(bigint) createdAt: number;
  @Column(bigintOrNull) revokedAt: number | null;
  @Column(textOrNull) revokeReason: string | null;
  /** Last change of the row. */
  @Column(bigint) changedAt: number;
}
