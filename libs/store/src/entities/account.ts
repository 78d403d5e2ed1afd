import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text, textOrNull } from './columns.js';

/** A player's account. */
@Entity('account')
export class Account {
  @PrimaryColumn(text) id: string;
  @Column(text) username: string;
  /** What makes a username the same as another; unique. See `usernameKey`. */
  @Column(text) usernameKey: string;
  @Column(text) displayName: string;
  @Column(text) passwordHash: string;
  @Column(bigint) createdAt: number;
  /** End of a ban, ms; null when there is none. */
  @Column(bigintOrNull) bannedUntil: number | null;
  @Column(textOrNull) banReason: string | null;
}
