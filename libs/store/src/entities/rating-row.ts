import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintOrNull, integer, real, text } from './columns.js';

/** A player's rating in one queue. */
@Entity('rating')
export class RatingRow {
  @PrimaryColumn(text) accountId: string;
  @PrimaryColumn(text) queue: string;
  @Column(real) mu: number;
  @Column(real) sigma: number;
  @Column(integer) games: number;
  @Column(integer) wins: number;
  /** The number shown to players; leaderboards are in its order. */
  @Column(real) display: number;
  @Column(bigintOrNull) lastMatchAt: number | null;
}
