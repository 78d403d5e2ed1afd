import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, text } from './columns.js';

/** That a player was punished for leaving a match, by the word of this server; the last time only. */
@Entity('leave_fault')
export class LeaveFault {
  @PrimaryColumn(text) serverId: string;
  @PrimaryColumn(text) accountId: string;
  @Column(bigint) at: number;
}
