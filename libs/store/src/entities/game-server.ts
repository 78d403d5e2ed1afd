import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, flag, integer, jsonTextOrNull, realOrNull, text } from './columns.js';

/** Presence of a game server: what its heartbeats said, written once per tick. Times are Unix ms. */
@Entity('game_server')
export class GameServer {
  /** The certificate's UUID. */
  @PrimaryColumn(text) id: string;
  @Column(text) name: string;
  /** Whether it has a connection, as far as is known. */
  @Column(flag) online: boolean;
  /** The master node that holds its connection. */
  @Column(text) nodeId: string;
  /** Where players connect. */
  @Column(text) host: string;
  @Column(integer) port: number;
  @Column(text) region: string;
  /** What it calls its version. */
  @Column(text) build: string;
  /** Matches at once. */
  @Column(integer) capacity: number;
  /** Players that it says it has. */
  @Column(integer) players: number;
  /** Whether it wants new matches. */
  @Column(flag) accepting: boolean;
  /** Matches that it says it holds. */
  @Column(integer) matches: number;
  /** 0 to 1, or null when it does not say. */
  @Column(realOrNull) load: number | null;
  /** Queues that it serves; null for all. */
  @Column(jsonTextOrNull) queues: string[] | null;
  /** When it was last heard of. */
  @Column(bigint) lastSeen: number;
  @Column(bigint) connectedAt: number;
  /** It failed lately and gets no new match before this. */
  @Column(bigintOrNull) failedUntil: number | null;
  /** Matches that it has finished since it failed last, as far as they were counted: until it is proven. */
  @Column({ ...integer, default: 0 }) provenMatches: number;
  /** When the latest of them was counted. */
  @Column(bigintOrNull) provenAt: number | null;
  /** An operator lets it run empty: no new match since then. Kept over its connections. */
  @Column(bigintOrNull) drainingSince: number | null;
}
