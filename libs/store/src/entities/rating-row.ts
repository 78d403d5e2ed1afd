import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintOrNull, integer, real, realOrNull, text, textOrNull } from './columns.js';

/** A player's rating in one queue. */
@Entity('rating')
export class RatingRow {
  @PrimaryColumn(text) accountId: string;
  @PrimaryColumn(text) queue: string;
  @Column(real) mu: number;
  @Column(real) sigma: number;
  /** Of models that keep one (Glicko-2), else null. */
  @Column(realOrNull) volatility: number | null;
  @Column(integer) games: number;
  @Column(integer) wins: number;
  /** The number shown to players; leaderboards are in its order. */
  @Column(real) display: number;
  @Column(bigintOrNull) lastMatchAt: number | null;
  /** Name of the tier he was last in; null before the first. */
  @Column(textOrNull) tier: string | null;
}
