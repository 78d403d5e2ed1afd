import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, integer, text, textOrNull } from './columns.js';

/** Players who queue together. Its row is locked before anything of it is changed. */
@Entity('party')
export class Party {
  @PrimaryColumn(text) id: string;
  @Column(text) leaderId: string;
  /** The queue into which the leader has put it; null while it is in none. */
  @Column(textOrNull) queue: string | null;
  /** The last change in a sentence, for its members. */
  @Column(text) note: string;
  /** Counts the changes that its members are told of. */
  @Column(integer) version: number;
  @Column(bigint) createdAt: number;
  @Column(bigint) changedAt: number;
  /** A party that has ended keeps its row for a while, so that every node hears of it. */
  @Column(bigintOrNull) endedAt: number | null;
}
