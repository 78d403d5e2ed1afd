import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, text } from './columns.js';

/** Queue rules, rating model and parameters, kept once however many matches were played under them. Never changed. */
@Entity('match_rules')
export class MatchRules {
  /** SHA-256 of the canonical JSON. */
  @PrimaryColumn(text) digest: string;
  @Column(text) rules: string;
  @Column(bigint) createdAt: number;
}
