import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, flag, integer, text, textOrNull } from './columns.js';

/**
 * Where an account is: waiting in a queue (`matchId` null) or taken by a live match. One row per account,
 * so that nobody waits twice, plays in two matches, or waits while playing. `matchId` has neither index nor foreign
 * key, which would make up a fifth of a large tick: the players of a match lead to its rows. Times are Unix ms.
 */
@Entity('queue_entry')
export class QueueEntry {
  @PrimaryColumn(text) accountId: string;
  /** Given by the database; entries joined later have greater ones, but that SQLite may give that of a deleted entry again. */
  @Column(bigint) entryNo: number;
  @Column(text) queue: string;
  /** The place in the queue: kept when a match is called off and he waits again. */
  @Column(bigint) joinedAt: number;
  /** His last sign of life. */
  @Column(bigint) lastSeen: number;
  @Column(textOrNull) matchId: string | null;
  /** The party that he waits or plays with: its entries joined at one time, wait together and leave together. */
  @Column(textOrNull) partyId: string | null;
  /** JSON object of region → ms, as he claims; null: he has measured none. */
  @Column(textOrNull) latencies: string | null;
  /** JSON list of the roles that he takes; null: any. */
  @Column(textOrNull) roles: string | null;
  /** JSON list of account ids: his opponents of the match before. */
  @Column(textOrNull) lastOpponents: string | null;
  /** His match was called off, and he waits again: his turn comes before that of all who have had none. */
  @Column({ ...flag, default: false }) ahead: boolean;
  /** How many players he blocks. */
  @Column({ ...integer, default: 0 }) blocks: number;
}
