import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import { isProvisional } from '@ranked/rating';
import { queue, ratings, type LeaderboardRow, type Store } from '@ranked/store';
import { SessionReader } from '../accounts/session-reader.js';
import { QueueModels, type QueueModel } from '../config/queue-models.js';
import { Problem } from '../http/problem.js';
import type { Request } from 'express';
import { ProblemDto } from '../http/problem.dto.js';
import { validationProblem } from '../http/validation.js';
import { requireAccount } from '../players/players.service.js';
import { ratingIn } from '../rating/stored-rating.js';
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
    const queueModel = this.queues.of(name);
    if (!queueModel) throw new Problem('not-found', 'There is no queue of that name.');
    if (query.around === undefined) {
      return this.toLeaderboard(
        queueModel,
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
    return this.toLeaderboard(queueModel, rows);
  }

  /**
   * Players whose rating is provisional stand on it too, and are marked: the rating counts uncertainty against them, so that
   * none is far up before he has played enough.
   */
  private toLeaderboard({ config, model }: QueueModel, rows: LeaderboardRow[]): LeaderboardDto {
    const share = this.queues.standing(config.name)?.provisionalShare;
    return {
      queue: config.name,
      items: rows.map((row) => ({
        rank: row.rank,
        playerId: row.accountId,
        displayName: row.displayName,
        rating: Math.round(row.display),
        games: row.games,
        wins: row.wins,
        provisional: isProvisional(model, ratingIn(row), share),
        tier: row.tier,
      })),
    };
  }
}
