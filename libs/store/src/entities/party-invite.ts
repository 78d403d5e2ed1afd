import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigint, flag, text } from './columns.js';

/** An open invitation into a party. */
@Entity('party_invite')
export class PartyInvite {
  @PrimaryColumn(text) partyId: string;
  /** Who is invited. */
  @PrimaryColumn(text) accountId: string;
  @Column(text) inviterId: string;
  /** He blocks the inviter: the inviter sees an invitation that is never answered, the other sees none. */
  @Column(flag) hidden: boolean;
  @Column(bigint) createdAt: number;
  @Column(bigint) expiresAt: number;
}
