import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, integer, jsonText, text } from './columns.js';

/** A wait that ended in a match at `at` (Unix ms), and how strong the player was, in display points. */
export type PastWait = readonly [at: number, strength: number, waitMs: number];

/** The news of one queue: why those who wait are still waiting, and how long others waited before. */
@Entity('queue_leftover')
export class QueueLeftover {
  @PrimaryColumn(text) queue: string;
  /** When the matchmaker was last asked, ms. */
  @Column(bigint) at: number;
  /** Players who wait. */
  @Column(integer) waiting: number;
  /** Per entry (an account or a party) the reason as the matchmaker gave it, longest waiting first. */
  @Column(jsonText) entries: Readonly<Record<string, unknown>>;
  /** The latest waits that ended in a match, oldest first. */
  @Column(jsonText) waits: readonly PastWait[];
}
