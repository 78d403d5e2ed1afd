import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, integer, jsonText, text, textOrNull } from './columns.js';

/** What a match can be; the first four are live. */
export const MATCH_STATES = [
  'checking',
  'reserving',
  'ready',
  'running',
  'finished',
  'abandoned',
  'cancelled',
] as const;
/** One of {@link MATCH_STATES}. */
export type MatchState = (typeof MATCH_STATES)[number];

/** A match, from its ready check or its reservation on a game server to its result. Times are Unix ms. */
@Entity('game_match')
export class GameMatch {
  @PrimaryColumn(text) id: string;
  @Column(text) queue: string;
  @Column(text) state: MatchState;
  @Column(text) serverId: string;
  /** 1 for the first server, one more for each that was tried after it. */
  @Column(integer) attempt: number;
  @Column(jsonText) previousServers: string[];
  /** The rules in force when it was made: a row of `match_rules`. */
  @Column({ ...text, select: false }) rulesDigest?: string;
  @Column(bigint) createdAt: number;
  @Column(bigint) stateSince: number;
  /** Until when it may stay `checking`, `reserving` or `ready`. */
  @Column(bigint) reserveExpiresAt: number;
  @Column(bigintOrNull) allowAckedAt: number | null;
  @Column(bigintOrNull) startedAt: number | null;
  @Column(bigintOrNull) endedAt: number | null;
  @Column(textOrNull) endReason: string | null;
  /** The server's result as JSON text. */
  @Column({ ...textOrNull, select: false }) result?: string | null;
  /** See `resultDigest`. */
  @Column({ ...textOrNull, select: false }) resultDigest?: string | null;
  @Column(bigintOrNull) ratedAt: number | null;
  /** Since when its server is away; null while it is there. */
  @Column(bigintOrNull) serverLostAt: number | null;
}
