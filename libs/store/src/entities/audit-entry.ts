import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonValue } from '../result-digest.js';
import { bigint, integer, jsonText, text, textOrNull } from './columns.js';

/** What became of what somebody wanted: it was done, he was not let, or it failed. */
export type AuditResult = 'done' | 'refused' | 'failed';

/** Something an operator did or was refused. Rows are never changed; each holds a MAC over itself and the row before. */
@Entity('audit_entry')
export class AuditEntry {
  /** 1, 2, 3 … without a gap. */
  @PrimaryColumn(bigint) id: number;
  /** Unix ms. */
  @Column(bigint) at: number;
  /** The IP address that it came from. */
  @Column(text) address: string;
  /** Name of the operator's certificate, where there was one that counts. */
  @Column(textOrNull) actor: string | null;
  /** `player.ban` */
  @Column(text) action: string;
  /** What it was done to, for people. */
  @Column(text) target: string;
  @Column(text) result: AuditResult;
  @Column(jsonText) detail: JsonValue;
  /** More than 1: so many alike, written as one. */
  @Column(integer) count: number;
  /** HMAC-SHA256, lower hex. */
  @Column(text) mac: string;
}
