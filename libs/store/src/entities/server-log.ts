import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { bigint, text } from './columns.js';

/** How grave a line of a game server's log is. */
export type LogLevel = 'info' | 'warn' | 'error';

/** A line that a game server logged. The newest of each server are kept. */
@Entity('server_log')
export class ServerLog {
  /** Of two lines of a server the later one has the greater. */
  @PrimaryGeneratedColumn() id: number;
  @Column(text) serverId: string;
  @Column(text) level: LogLevel;
  /** Unix ms. */
  @Column(bigint) at: number;
  @Column(text) message: string;
}
