import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, text, textOrNull } from './columns.js';

/** A finished match that an operator wants out of the ratings; a master rates its queue again without it. Times are Unix ms. */
@Entity('match_void')
export class MatchVoid {
  @PrimaryColumn(text) matchId: string;
  @Column(text) queue: string;
  @Column(text) reason: string;
  @Column(bigint) requestedAt: number;
  /** A master is at it since then; after a while another may try. */
  @Column(bigintOrNull) claimedAt: number | null;
  /** Since when the ratings are without it; null before. */
  @Column(bigintOrNull) doneAt: number | null;
  /** Why it could not be done: then it is not tried again. Null otherwise. */
  @Column(textOrNull) error: string | null;
}
