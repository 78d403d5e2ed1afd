import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { bigint, text } from './columns.js';

export type LogLevel = 'info' | 'warn' | 'error';

/** A line that a game server logged. The newest of each server are kept. */
@Entity('server_log')
export class ServerLog {
  @PrimaryGeneratedColumn() id: number;
  @Column(text) serverId: string;
  @Column(text) level: LogLevel;
  @Column(bigint) at: number;
  @Column(text) message: string;
}
