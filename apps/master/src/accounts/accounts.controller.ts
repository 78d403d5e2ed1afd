import { Body, Controller, Delete, Get, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
  ApiServiceUnavailableResponse,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
  ApiBadRequestResponse,
} from '@nestjs/swagger';
import { ProblemDto } from '../http/problem.dto.js';
import { MasterKeys } from '../keys/master-keys.js';
import { ListenAddresses } from '../lifecycle/listen-addresses.js';
import { CredentialsDto, OwnPlayerDto, toOwnPlayer } from './account.dto.js';
import { AccountsService } from './accounts.service.js';
import { BearerGuard, Caller } from './bearer.guard.js';
import { LoginThrottle } from './login-throttle.js';
import { LoginDto, MeDto } from './session.dto.js';
import type { CurrentSession } from './session-reader.js';

/** Accounts and sessions. */
@ApiTags('accounts')
@ApiBadRequestResponse({ type: ProblemDto })
@ApiTooManyRequestsResponse({ type: ProblemDto })
@ApiServiceUnavailableResponse({ type: ProblemDto })
@Controller('v1')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly throttle: LoginThrottle,
    private readonly keys: MasterKeys,
    private readonly addresses: ListenAddresses,
  ) {}

  /** Makes an account. */
  @Post('accounts')
  @ApiCreatedResponse({ type: OwnPlayerDto })
  @ApiConflictResponse({ type: ProblemDto })
  async register(@Body() body: CredentialsDto, @Ip() address: string): Promise<OwnPlayerDto> {
    this.throttle.registration(address);
    return toOwnPlayer(await this.accounts.register(body.username, body.password));
  }

  /** Logs in: gives the access token, the ticket, and where the player channel is. */
  @Post('sessions')
  @ApiCreatedResponse({ type: LoginDto })
  @ApiUnauthorizedResponse({ type: ProblemDto })
  @ApiForbiddenResponse({ type: ProblemDto })
  async login(@Body() body: CredentialsDto, @Ip() address: string): Promise<LoginDto> {
    this.throttle.login(address, body.username);
    const session = await this.accounts.login(body.username, body.password);
    return {
      accessToken: session.accessToken,
      ticket: { id: session.ticketId, secret: session.ticketSecret, expiresAt: session.expiresAt },
      rdv: this.addresses.rdvForPlayers(),
      masterPublicKey: this.keys.current().publicKey.toString('hex'),
      player: toOwnPlayer(session.account),
    };
  }

  /** Logs out: the access token and the ticket end. */
  @Delete('sessions/current')
  @HttpCode(204)
  @UseGuards(BearerGuard)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  @ApiUnauthorizedResponse({ type: ProblemDto })
  async logout(@Caller() caller: CurrentSession): Promise<void> {
    await this.accounts.logout(caller.session.id);
  }

  /** The caller's own account. */
  @Get('me')
  @UseGuards(BearerGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ type: MeDto })
  @ApiUnauthorizedResponse({ type: ProblemDto })
  async me(@Caller() { account, session }: CurrentSession): Promise<MeDto> {
    const cooldownUntil = await this.accounts.cooldownOf(account.id);
    return { ...toOwnPlayer(account), sessionExpiresAt: session.expiresAt, cooldownUntil };
  }
}
