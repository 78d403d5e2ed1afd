import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../result-digest.js';
import { bigint, bigintOrNull, jsonText, text, textOrNull } from './columns.js';

/** A command for a game server, written by whoever asks, delivered by the node that holds the connection. */
@Entity('server_command')
export class ServerCommand {
  @PrimaryColumn(text) id: string;
  @Column(text) serverId: string;
  @Column(text) type: string;
  @Column(jsonText) payload: JsonValue;
  @Column(bigint) createdAt: number;
  @Column(bigint) expiresAt: number;
  /** Last time it was sent. */
  @Column(bigintOrNull) sentAt: number | null;
  @Column(bigintOrNull) ackedAt: number | null;
  @Column(bigintOrNull) failedAt: number | null;
  @Column(textOrNull) error: string | null;
}
