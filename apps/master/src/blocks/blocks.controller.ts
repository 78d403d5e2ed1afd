import { Controller, Delete, Get, HttpCode, Param, Put, UseGuards } from '@nestjs/common';
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
import { ProblemDto } from '../http/problem.dto.js';
import { BlockParams, BlocksDto } from './block.dto.js';
import { BlocksService } from './blocks.service.js';

/** Whom the caller does not want to meet: no match with them, on either side, and no invitation from them. */
@ApiTags('accounts')
@ApiBearerAuth()
@ApiBadRequestResponse({ type: ProblemDto })
@ApiUnauthorizedResponse({ type: ProblemDto })
@ApiTooManyRequestsResponse({ type: ProblemDto })
@ApiServiceUnavailableResponse({ type: ProblemDto })
@UseGuards(BearerGuard)
@Controller('v1/me/blocks')
export class BlocksController {
  constructor(private readonly blocks: BlocksService) {}

  /** Whom the caller blocks. */
  @Get()
  @ApiOkResponse({ type: BlocksDto })
  list(@Caller() { account }: CurrentSession): Promise<BlocksDto> {
    return this.blocks.list(account.id);
  }

  /** Blocks a player; 200 at most. That player is not told. */
  @Put(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ type: ProblemDto })
  @ApiConflictResponse({ type: ProblemDto })
  async add(@Caller() { account }: CurrentSession, @Param() { id }: BlockParams): Promise<void> {
    await this.blocks.add(account.id, id.toLowerCase());
  }

  /** Takes a block back. None is no error. */
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async remove(@Caller() { account }: CurrentSession, @Param() { id }: BlockParams): Promise<void> {
    await this.blocks.remove(account.id, id.toLowerCase());
  }
}
