import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { queue, ratings, type LeaderboardRow, type Store } from '@ranked/store';
import { SessionReader } from '../accounts/session-reader.js';
import { QueueModels } from '../config/queue-models.js';
import { Problem } from '../http/problem.js';
import type { Request } from 'express';
import { ProblemDto } from '../http/problem.dto.js';
import { validationProblem } from '../http/validation.js';
import { requireAccount } from '../players/players.service.js';
import { STORE } from '../store/store.module.js';
import { LeaderboardDto, LeaderboardQuery, QueueParams, QueuesDto } from './leaderboard.dto.js';

/** Queues and who is best in them. */
@ApiTags('queues')
@Controller('v1/queues')
export class LeaderboardsController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly queues: QueueModels,
    private readonly sessions: SessionReader,
  ) {}

  /** The queues that players can join. */
  @Get()
  @ApiOkResponse({ type: QueuesDto })
  async list(): Promise<QueuesDto> {
    const waiting = await this.store.read((tx) => queue.counts(tx));
    return {
      items: this.queues.all().map(({ config }) => ({
        name: config.name,
        teams: config.teams,
        size: config.size,
        waiting: waiting[config.name] ?? 0,
      })),
    };
  }

  /** The top of a queue, a page of it, or the part around one player. */
  @Get(':queue/leaderboard')
  @ApiBearerAuth()
  @ApiOkResponse({ type: LeaderboardDto })
  @ApiBadRequestResponse({ type: ProblemDto })
  @ApiUnauthorizedResponse({ type: ProblemDto })
  @ApiNotFoundResponse({ type: ProblemDto })
  async leaderboard(
    @Param() { queue: name }: QueueParams,
    @Query() query: LeaderboardQuery,
    @Req() request: Request,
  ): Promise<LeaderboardDto> {
    if (!this.queues.of(name)) throw new Problem('not-found', 'There is no queue of that name.');
    if (query.around === undefined) {
      return toLeaderboard(
        name,
        await this.store.read((tx) =>
          ratings.leaderboardTop(tx, name, { limit: query.limit, offset: query.offset }),
        ),
      );
    }
    if (query.offset !== 0)
      throw validationProblem([{ field: 'offset', message: 'cannot be given together with around' }]);
    const playerId =
      query.around === 'me'
        ? (await this.sessions.read(request.headers.authorization)).account.id
        : query.around.toLowerCase();
    const above = Math.floor((query.limit - 1) / 2);
    const rows = await this.store.read(async (tx) => {
      await requireAccount(tx, playerId);
      return ratings.leaderboardAround(tx, name, playerId, { above, below: query.limit - 1 - above });
    });
    return toLeaderboard(name, rows);
  }
}

function toLeaderboard(name: string, rows: LeaderboardRow[]): LeaderboardDto {
  return {
    queue: name,
    items: rows.map((row) => ({
      rank: row.rank,
      playerId: row.accountId,
      displayName: row.displayName,
      rating: Math.round(row.display),
      games: row.games,
      wins: row.wins,
    })),
  };
}
