import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, UseGuards } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { BearerGuard, Caller } from '../accounts/bearer.guard.js';
import type { CurrentSession } from '../accounts/session-reader.js';
import { Problem } from '../http/problem.js';
import { ProblemDto } from '../http/problem.dto.js';
import { PartyMembership } from './party-membership.js';
import {
  InvitationsDto,
  MemberParams,
  PartyDto,
  PartyInviteDto,
  PartyJoinDto,
  PartyLeaderDto,
  PartyParams,
  toInvitations,
  toParty,
} from './party.dto.js';

/** Parties, as on the player channel. Who queues together joins the queue there. */
@ApiTags('parties')
@ApiBearerAuth()
@ApiBadRequestResponse({ type: ProblemDto })
@ApiUnauthorizedResponse({ type: ProblemDto })
@ApiTooManyRequestsResponse({ type: ProblemDto })
@ApiServiceUnavailableResponse({ type: ProblemDto })
@UseGuards(BearerGuard)
@Controller('v1/parties')
export class PartiesController {
  constructor(private readonly membership: PartyMembership) {}

  /** The caller's party. */
  @Get('current')
  @ApiOkResponse({ type: PartyDto })
  @ApiNotFoundResponse({ type: ProblemDto })
  async current(@Caller() { account }: CurrentSession): Promise<PartyDto> {
    const party = await this.membership.own(account.id);
    if (party === undefined) throw new Problem('not-found', 'You are in no party.');
    return toParty(party);
  }

  /** Leaves the party. None to leave is no error. */
  @Delete('current')
  @HttpCode(204)
  @ApiNoContentResponse()
  async leave(@Caller() { account }: CurrentSession): Promise<void> {
    await this.membership.leave(account.id);
  }

  /** Invites a player; makes the party if the caller is in none. The answer does not say whether that player is there. */
  @Post('current/invites')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ type: ProblemDto })
  @ApiConflictResponse({ type: ProblemDto })
  async invite(@Caller() { account }: CurrentSession, @Body() { player }: PartyInviteDto): Promise<void> {
    await this.membership.invite(account.id, player);
  }

  /** The leader removes a member. */
  @Delete('current/members/:id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiConflictResponse({ type: ProblemDto })
  async kick(@Caller() { account }: CurrentSession, @Param() { id }: MemberParams): Promise<void> {
    await this.membership.kick(account.id, id.toLowerCase());
  }

  /** The leader makes another member the leader. */
  @Put('current/leader')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiConflictResponse({ type: ProblemDto })
  async promote(@Caller() { account }: CurrentSession, @Body() { id }: PartyLeaderDto): Promise<void> {
    await this.membership.promote(account.id, id.toLowerCase());
  }

  /** The caller's open invitations. */
  @Get('invites')
  @ApiOkResponse({ type: InvitationsDto })
  async invitations(@Caller() { account }: CurrentSession): Promise<InvitationsDto> {
    return toInvitations(await this.membership.invitations(account.id), account.id);
  }

  /** Takes up an invitation. */
  @Post('invites/:partyId')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ type: ProblemDto })
  @ApiConflictResponse({ type: ProblemDto })
  async accept(
    @Caller() { account }: CurrentSession,
    @Param() { partyId }: PartyParams,
    @Body() { latencies, roles }: PartyJoinDto,
  ): Promise<void> {
    await this.membership.answer(account.id, {
      partyId: partyId.toLowerCase(),
      accept: true,
      ...(latencies && { latencies }),
      ...(roles && { roles }),
    });
  }

  /** Declines an invitation. None to decline is no error. */
  @Delete('invites/:partyId')
  @HttpCode(204)
  @ApiNoContentResponse()
  async decline(@Caller() { account }: CurrentSession, @Param() { partyId }: PartyParams): Promise<void> {
    await this.membership.answer(account.id, { partyId: partyId.toLowerCase(), accept: false });
  }
}
