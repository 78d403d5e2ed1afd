import { ApiProperty } from '@nestjs/swagger';
import type { PartyView } from '@ranked/store';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { LatenciesField } from './latencies-field.js';

/** Who is to be invited. */
export class PartyInviteDto {
  @ApiProperty({ minLength: 1, maxLength: 64, example: 'ada', description: 'User name or player id.' })
  @IsString()
  @Length(1, 64)
  player!: string;
}

/** Who is to lead. */
export class PartyLeaderDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

/** What a player who joins a party says of himself to be matched by. */
export class PartyJoinDto {
  @ApiProperty({
    selfRequired: false,
    type: 'object',
    additionalProperties: { type: 'number', minimum: 0, maximum: 10_000 },
    description:
      'Region → milliseconds there and back, 32 at most. A region that is not named counts as out of reach.',
  })
  @IsOptional()
  @LatenciesField()
  latencies?: Record<string, number>;

  @ApiProperty({ required: false, type: [String], minItems: 1, maxItems: 16 })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(16)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  roles?: string[];
}

/** The party of a path. */
export class PartyParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  partyId!: string;
}

/** The member of a path. */
export class MemberParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

class PartyMemberDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'ada' })
  displayName!: string;
  @ApiProperty({ description: 'Whether the member is connected to the player channel.' })
  online!: boolean;
}

class OpenInviteDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'ada' })
  displayName!: string;
  @ApiProperty({ description: 'Unix milliseconds.' })
  expiresAt!: number;
}

/** The caller's party. */
export class PartyDto {
  @ApiProperty({ format: 'uuid' })
  partyId!: string;
  @ApiProperty({ format: 'uuid' })
  leader!: string;
  @ApiProperty({ type: [PartyMemberDto], description: 'The longest member first.' })
  members!: PartyMemberDto[];
  @ApiProperty({ type: [OpenInviteDto] })
  invites!: OpenInviteDto[];
  @ApiProperty({ type: String, nullable: true, description: 'The queue into which the leader has put all.' })
  queue!: string | null;
  @ApiProperty({ description: 'What changed last, in a sentence.' })
  note!: string;
}

class InviterDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'ada' })
  displayName!: string;
}

/** An invitation of the caller's. */
export class InvitationDto {
  @ApiProperty({ format: 'uuid' })
  partyId!: string;
  @ApiProperty({ type: InviterDto })
  from!: InviterDto;
  @ApiProperty({ type: [String], description: 'Display names of the members.' })
  members!: string[];
  @ApiProperty({ description: 'Unix milliseconds.' })
  expiresAt!: number;
}

/** The caller's open invitations, the oldest first. */
export class InvitationsDto {
  @ApiProperty({ type: [InvitationDto] })
  items!: InvitationDto[];
}

export function toParty(party: PartyView): PartyDto {
  return {
    partyId: party.id,
    leader: party.leaderId,
    members: party.members.map(({ accountId, name, online }) => ({
      id: accountId,
      displayName: name,
      online,
    })),
    invites: party.invites.map(({ accountId, name, expiresAt }) => ({
      id: accountId,
      displayName: name,
      expiresAt,
    })),
    queue: party.queue,
    note: party.note,
  };
}

export function toInvitations(inviting: readonly PartyView[], accountId: string): InvitationsDto {
  return {
    items: inviting.flatMap(({ id, members, invites }) =>
      invites
        .filter((invite) => invite.accountId === accountId && !invite.hidden)
        .map(({ inviterId, inviterName, expiresAt }) => ({
          partyId: id,
          from: { id: inviterId, displayName: inviterName },
          members: members.map(({ name }) => name),
          expiresAt,
        })),
    ),
  };
}
