import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text, textOrNull } from './columns.js';

/** A player's account. Times are Unix ms. */
@Entity('account')
export class Account {
  /** UUID. */
  @PrimaryColumn(text) id: string;
  /** What he logs in with, as he registered it. */
  @Column(text) username: string;
  /** What makes a username the same as another; unique. See `usernameKey`. */
  @Column(text) usernameKey: string;
  /** What others see; several accounts may have the same. */
  @Column(text) displayName: string;
  /** Whatever the caller verifies passwords by; the store does not look into it. */
  @Column(text) passwordHash: string;
  @Column(bigint) createdAt: number;
  /** End of a ban; null when there is none. */
  @Column(bigintOrNull) bannedUntil: number | null;
  @Column(textOrNull) banReason: string | null;
}
