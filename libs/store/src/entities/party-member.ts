import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, flag, text, textOrNull } from './columns.js';

/** The one party in which an account is. */
@Entity('party_member')
export class PartyMember {
  @PrimaryColumn(text) accountId: string;
  @Column(text) partyId: string;
  @Column(bigint) joinedAt: number;
  /** Whether he is connected, as the other members are told. */
  @Column(flag) online: boolean;
  /** Last sign of life, ms. */
  @Column(bigint) lastSeen: number;
  /** As in {@link QueueEntry}, for when the leader joins for all. */
  @Column(textOrNull) latencies: string | null;
  @Column(textOrNull) roles: string | null;
}
