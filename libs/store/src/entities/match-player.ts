import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  bigint,
  bigintOrNull,
  flag,
  integer,
  jsonTextOrNull,
  realOrNull,
  text,
  textOrNull,
} from './columns.js';

/**
 * One player of one match: who he was to the server, and what the match did to his rating. Its match and account have no
 * foreign keys: checking them made up a quarter of the rows' cost in a large tick, and only `createMany` writes rows, from
 * queue entries whose account is checked.
 */
@Entity('match_player')
export class MatchPlayerRow {
  @PrimaryColumn(text) matchId: string;
  /** The only id of the player that the game server learns; of this match alone. */
  @PrimaryColumn(text) id: string;
  @Column(text) accountId: string;
  @Column(integer) team: number;
  /** Place within the team. */
  @Column(integer) position: number;
  @Column(bigint) queuedAt: number;
  /** When he was asked whether he is ready; null in a queue without ready checks, and until he was told. */
  @Column(bigintOrNull) proposedAt: number | null;
  /** His answer: whether he is ready. */
  @Column({ ...flag, nullable: true }) answer: boolean | null;
  /** Rises each time he is routed back: his older join tokens are void. */
  @Column({ ...integer, default: 0 }) tokenGeneration: number;
  /** The generation whose digest the game server has acknowledged; -1 before the first. */
  @Column({ ...integer, default: -1 }) allowedGeneration: number;
  @Column(bigintOrNull) foundSentAt: number | null;
  /** When the match ended for good (finished or abandoned); it then stands in the player's history. */
  @Column(bigintOrNull) endedAt: number | null;
  /** True from the end of the match until the player got its report. */
  @Column({ ...flag, default: 0 }) reportDue: boolean;
  @Column(bigintOrNull) reportedAt: number | null;
  /** Of a cancelled match: whether he waits again. */
  @Column({ ...flag, nullable: true }) requeued: boolean | null;
  /** Rank of his team, 0 is best. */
  @Column({ ...integer, nullable: true }) rank: number | null;
  @Column(realOrNull) score: number | null;
  /** His rating as his match before left it, or a new player's. Null, with those after: the match does not count. */
  @Column(realOrNull) muBefore: number | null;
  @Column(realOrNull) sigmaBefore: number | null;
  @Column(realOrNull) volatilityBefore: number | null;
  /** Time since his match before in this queue, by which that rating was aged; null for the first. */
  @Column(bigintOrNull) idleMs: number | null;
  @Column(realOrNull) muAfter: number | null;
  @Column(realOrNull) sigmaAfter: number | null;
  @Column(realOrNull) volatilityAfter: number | null;
  /** Names of the tiers that he left and came to. */
  @Column(textOrNull) tierBefore: string | null;
  @Column(textOrNull) tierAfter: string | null;
  /** 0 to 1, the part of the match that he played. */
  @Column(realOrNull) playFraction: number | null;
  @Column(jsonTextOrNull) stats: Record<string, number> | null;
}
