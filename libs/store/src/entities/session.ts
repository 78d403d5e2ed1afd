import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text } from './columns.js';

/** A login: an HTTP access token (only its digest is kept) and a ticket for the player channel. Times are Unix ms. */
@Entity('session')
export class Session {
  /** The ticket id, 32 lower hex digits. */
  @PrimaryColumn(text) id: string;
  @Column(text) accountId: string;
  /** SHA-256 of the access token, lower hex; unique. */
  @Column(text) accessDigest: string;
  /** The ticket key, sealed for this row. */
  @Column({ ...text, select: false }) ticketKeySealed?: string;
  @Column(bigint) createdAt: number;
  /** Token and ticket are good before it. */
  @Column(bigint) expiresAt: number;
  @Column(bigintOrNull) revokedAt: number | null;
}
