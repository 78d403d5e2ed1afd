import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { dashboard, matches, ratings, type ReadTx, type Store } from '@ranked/store';
import type { Response } from 'express';
import type {
  ActionResult,
  Impact,
  Page,
  PlayerDetail,
  PlayerMatch,
  PlayerRating,
  PlayerRow,
  RatingHistory,
} from '../api/contract.js';
import { Board } from '../board/board.js';
import { csvTime, type CsvColumns } from '../http/csv.js';
import { ListQuery } from '../http/list.dto.js';
import { answerList, idCursor } from '../http/list-response.js';
import { By, Preview, UUID_PARAMETER } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import { ReasonDto } from '../http/reason.dto.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { PlayerActions } from './player-actions.js';
import { playerMatch, playerRow } from './player-views.js';
import { BanDto, PlayerQueryDto, RatingQueryDto, RenameDto } from './players.dto.js';

/** Players: who they are, how they play, and what is done about them. */
@Controller('api/players')
export class PlayersController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    private readonly actions: PlayerActions,
  ) {}

  @Get()
  list(
    @Query() query: PlayerQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<PlayerRow> | string> {
    return answerList(query, response, {
      name: 'players',
      columns: PLAYER_COLUMNS,
      cursorOf: ({ id }) => id,
      read: async ({ limit, cursor }) => {
        const after = idCursor(cursor);
        const now = Date.now();
        const rows = await this.store.read((tx) =>
          dashboard.playerPage(tx, {
            limit,
            ...(query.q !== undefined && { text: query.q }),
            ...(query.banned === true && { bannedAt: now }),
            ...(after !== undefined && { after }),
          }),
        );
        return rows.map((row) => playerRow(row, now));
      },
    });
  }

  @Get(':id')
  async one(@Param('id', UUID_PARAMETER) id: string): Promise<PlayerDetail> {
    return this.store.read(async (tx) => {
      const [player] = await dashboard.playerPage(tx, { id });
      if (!player) throw new Problem('not-found', 'There is no player of this id.');
      return {
        ...playerRow(player, Date.now()),
        ratings: await ratingsOf(tx, id),
        sessions: await dashboard.openSessions(tx, id),
      };
    });
  }

  @Get(':id/ratings')
  async history(
    @Param('id', UUID_PARAMETER) id: string,
    @Query() { queue }: RatingQueryDto,
  ): Promise<RatingHistory> {
    const { book } = await this.board.look();
    const rows = await this.store.read((tx) => dashboard.ratingHistory(tx, id, queue));
    return {
      queue,
      points: rows.reverse().flatMap((row) => {
        const display = book.display(queue, row.muAfter, row.sigmaAfter);
        const before = book.display(queue, row.muBefore, row.sigmaBefore);
        if (display === null || before === null) return [];
        return [{ matchId: row.matchId, at: row.endedAt, display, before, sigma: row.sigmaAfter }];
      }),
    };
  }

  @Get(':id/matches')
  async matches(
    @Param('id', UUID_PARAMETER) id: string,
    @Query() query: ListQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<PlayerMatch> | string> {
    const { book } = await this.board.look();
    return answerList(query, response, {
      name: 'matches',
      columns: MATCH_COLUMNS,
      cursorOf: ({ endedAt, matchId }) => `${endedAt ?? 0}.${matchId}`,
      read: async ({ limit, cursor }) => {
        const page = { limit, ...(cursor !== undefined && { before: historyCursor(cursor) }) };
        const { items } = await this.store.read((tx) => matches.history(tx, id, page));
        return items.map(({ match, player }) => playerMatch(match, player, book));
      },
    });
  }

  @Post(':id/ban')
  @HttpCode(200)
  ban(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: BanDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.ban(by, id, body, preview);
  }

  @Post(':id/unban')
  @HttpCode(200)
  unban(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: ReasonDto,
    @By() by: Operator,
  ): Promise<ActionResult> {
    return this.actions.unban(by, id, body);
  }

  @Post(':id/rename')
  @HttpCode(200)
  rename(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: RenameDto,
    @By() by: Operator,
  ): Promise<ActionResult> {
    return this.actions.rename(by, id, body);
  }

  @Post(':id/end-sessions')
  @HttpCode(200)
  endSessions(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: ReasonDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.endSessions(by, id, body, preview);
  }
}

async function ratingsOf(tx: ReadTx, accountId: string): Promise<PlayerRating[]> {
  const rows = await ratings.ofAccount(tx, accountId);
  const views: PlayerRating[] = [];
  for (const { queue, display, mu, sigma, games, wins, tier, lastMatchAt } of rows) {
    const { rank, of } = (await ratings.rankOf(tx, queue, accountId)) ?? { rank: 0, of: 0 };
    views.push({ queue, display: Math.round(display), mu, sigma, games, wins, tier, lastMatchAt, rank, of });
  }
  return views;
}

function historyCursor(cursor: string): string {
  if (/^\d{1,16}\.[0-9a-f-]{36}$/.test(cursor)) return cursor;
  throw new Problem('validation', 'See "errors" for what is not acceptable.', {
    errors: [{ field: 'cursor', message: 'is not the "next" of a page' }],
  });
}

const PLAYER_COLUMNS: CsvColumns<PlayerRow> = [
  ['id', ({ id }) => id],
  ['login', ({ username }) => username],
  ['name', ({ displayName }) => displayName],
  ['created', ({ createdAt }) => csvTime(createdAt)],
  ['banned', ({ ban }) => ban !== null],
  ['banned until', ({ ban }) => csvTime(ban?.until ?? null)],
  ['ban reason', ({ ban }) => ban?.reason ?? null],
  ['place', ({ place }) => place.kind],
];

const MATCH_COLUMNS: CsvColumns<PlayerMatch> = [
  ['match', ({ matchId }) => matchId],
  ['queue', ({ queue }) => queue],
  ['started', ({ startedAt }) => csvTime(startedAt)],
  ['ended', ({ endedAt }) => csvTime(endedAt)],
  ['outcome', ({ outcome }) => outcome],
  ['before', ({ before }) => before],
  ['after', ({ after }) => after],
];
