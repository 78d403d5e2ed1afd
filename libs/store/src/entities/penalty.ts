import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, real, text } from './columns.js';

/** What an account has against it, and until when it may not join a queue. Times are Unix ms. */
@Entity('penalty')
export class Penalty {
  @PrimaryColumn(text) accountId: string;
  /** As it was at `changedAt`; it decays from then on. */
  @Column(real) level: number;
  /** He may join again from then on. */
  @Column(bigint) until: number;
  @Column(bigint) changedAt: number;
}
