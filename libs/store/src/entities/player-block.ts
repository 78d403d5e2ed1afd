import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, text } from './columns.js';

/** One player does not want to meet another. */
@Entity('player_block')
export class PlayerBlock {
  @PrimaryColumn(text) ownerId: string;
  @PrimaryColumn(text) blockedId: string;
  @Column(bigint) createdAt: number;
}
