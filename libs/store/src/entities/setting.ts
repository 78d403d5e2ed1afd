import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, text } from './columns.js';

/** A switch or a mark of the whole installation. */
@Entity('setting')
export class Setting {
  @PrimaryColumn(text) key: string;
  @Column(text) value: string;
  /** Last write, Unix ms. */
  @Column(bigint) changedAt: number;
}
