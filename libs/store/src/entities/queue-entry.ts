import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, text, textOrNull } from './columns.js';

/**
 * Where an account is: waiting in a queue (`matchId` null) or taken by a live match. One row per account,
 * so that nobody waits twice, plays in two matches, or waits while playing. `matchId` has neither index nor foreign
 * key, which would make up a fifth of a large tick: the players of a match lead to its rows.
 */
@Entity('queue_entry')
export class QueueEntry {
  @PrimaryColumn(text) accountId: string;
  @Column(text) queue: string;
  @Column(bigint) joinedAt: number;
  @Column(bigint) lastSeen: number;
  @Column(textOrNull) matchId: string | null;
}
