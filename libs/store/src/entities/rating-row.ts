import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintOrNull, integer, real, realOrNull, text, textOrNull } from './columns.js';

/** A player's rating in one queue. */
@Entity('rating')
export class RatingRow {
  @PrimaryColumn(text) accountId: string;
  @PrimaryColumn(text) queue: string;
  /** Mean and standard deviation of his skill, in the unit of the queue's rating model. */
  @Column(real) mu: number;
  @Column(real) sigma: number;
  /** Of models that keep one (Glicko-2), else null. */
  @Column(realOrNull) volatility: number | null;
  /** Rated matches, and those that he won. */
  @Column(integer) games: number;
  @Column(integer) wins: number;
  /** The number shown to players; leaderboards are in its order. */
  @Column(real) display: number;
  /** Unix ms: idle time grows from here. Null when none is known. */
  @Column(bigintOrNull) lastMatchAt: number | null;
  /** Name of the tier he was last in; null before the first. */
  @Column(textOrNull) tier: string | null;
}
