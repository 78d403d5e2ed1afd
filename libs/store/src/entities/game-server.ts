import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, bigintOrNull, flag, integer, jsonTextOrNull, realOrNull, text } from './columns.js';

/** Presence of a game server: what its heartbeats said, written once per tick. */
@Entity('game_server')
export class GameServer {
  /** The certificate's UUID. */
  @PrimaryColumn(text) id: string;
  @Column(text) name: string;
  @Column(flag) online: boolean;
  /** The master node that holds its connection. */
  @Column(text) nodeId: string;
  /** Where players connect. */
  @Column(text) host: string;
  @Column(integer) port: number;
  @Column(text) region: string;
  @Column(text) build: string;
  /** Matches at once. */
  @Column(integer) capacity: number;
  @Column(integer) players: number;
  @Column(flag) accepting: boolean;
  /** Matches that it says it holds. */
  @Column(integer) matches: number;
  /** 0 to 1, or null when it does not say. */
  @Column(realOrNull) load: number | null;
  /** Queues that it serves; null for all. */
  @Column(jsonTextOrNull) queues: string[] | null;
  @Column(bigint) lastSeen: number;
  @Column(bigint) connectedAt: number;
  /** It failed lately and gets no new match before this, ms. */
  @Column(bigintOrNull) failedUntil: number | null;
  /** Matches that it has finished since it failed last, as far as they were counted: until it is proven. */
  @Column({ ...integer, default: 0 }) provenMatches: number;
  /** When the latest of them was counted, ms. */
  @Column(bigintOrNull) provenAt: number | null;
  /** An operator lets it run empty: no new match since then, ms. Kept over its connections. */
  @Column(bigintOrNull) drainingSince: number | null;
}
