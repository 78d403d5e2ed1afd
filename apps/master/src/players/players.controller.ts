import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBadRequestResponse, ApiNotFoundResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ProblemDto } from '../http/problem.dto.js';
import { HistoryDto, HistoryQuery, PlayerParams, ProfileDto } from './player.dto.js';
import { PlayersService } from './players.service.js';

/** What everybody may see of a player. */
@ApiTags('players')
@ApiBadRequestResponse({ type: ProblemDto })
@ApiNotFoundResponse({ type: ProblemDto })
@Controller('v1/players')
export class PlayersController {
  constructor(private readonly players: PlayersService) {}

  /** A player and his rating in each queue. */
  @Get(':id')
  @ApiOkResponse({ type: ProfileDto })
  profile(@Param() { id }: PlayerParams): Promise<ProfileDto> {
    return this.players.profile(id.toLowerCase());
  }

  /** A player's ended matches, newest first. */
  @Get(':id/matches')
  @ApiOkResponse({ type: HistoryDto })
  history(@Param() { id }: PlayerParams, @Query() { limit, before }: HistoryQuery): Promise<HistoryDto> {
    return this.players.history(id.toLowerCase(), limit, before);
  }
}
