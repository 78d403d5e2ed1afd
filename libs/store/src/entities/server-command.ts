import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../result-digest.js';
import { bigint, bigintOrNull, jsonText, text, textOrNull } from './columns.js';

/** A command for a game server, written by whoever asks, delivered by the node that holds the connection. Times are Unix ms. */
@Entity('server_command')
export class ServerCommand {
  /** UUID. */
  @PrimaryColumn(text) id: string;
  @Column(text) serverId: string;
  /** `kick_player`; what there is, the delivering node knows. */
  @Column(text) type: string;
  @Column(jsonText) payload: JsonValue;
  @Column(bigint) createdAt: number;
  /** From then on it is not sent any more, and counts as failed. */
  @Column(bigint) expiresAt: number;
  /** Last time it was sent. */
  @Column(bigintOrNull) sentAt: number | null;
  @Column(bigintOrNull) ackedAt: number | null;
  @Column(bigintOrNull) failedAt: number | null;
  /** Why it failed: the server's own words, or the master's. */
  @Column(textOrNull) error: string | null;
}
