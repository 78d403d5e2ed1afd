import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { dashboard, matches, matchVoids, type Store } from '@ranked/store';
import type { Response } from 'express';
import type { ActionResult, Impact, MatchDetail, MatchQuery, MatchRow, Page } from '../api/contract.js';
import { Board } from '../board/board.js';
import { csvTime, type CsvColumns } from '../http/csv.js';
import { ListQuery } from '../http/list.dto.js';
import { answerList, idCursor } from '../http/list-response.js';
import { By, Preview, UUID_PARAMETER } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import { ReasonDto } from '../http/reason.dto.js';
import { PlainText } from '../http/validation.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { MatchActions } from './match-actions.js';
import { matchRow } from './match-row.js';
import { presentRatings, teamViews } from './team-views.js';

const STATES = [
  'live',
  'void',
  'checking',
  'reserving',
  'ready',
  'running',
  'finished',
  'abandoned',
  'cancelled',
] as const;

class MatchQueryDto extends ListQuery implements MatchQuery {
  @IsOptional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];

  @IsOptional()
  @PlainText(1, 64)
  queue?: string;

  @IsOptional()
  @IsUUID()
  serverId?: string;

  @IsOptional()
  @Matches(/^[0-9a-f-]{4,36}$/, { message: 'q must be the beginning of an id, four digits or more' })
  q?: string;
}

/** Matches: who plays where, how it ended, and what it did to ratings. */
@Controller('api/matches')
export class MatchesController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    private readonly actions: MatchActions,
  ) {}

  @Get()
  list(
    @Query() query: MatchQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<MatchRow> | string> {
    const { state, queue, serverId, q } = query;
    return answerList(query, response, {
      name: 'matches',
      columns: MATCH_COLUMNS,
      cursorOf: ({ id }) => id,
      read: async ({ limit, cursor }) => {
        const before = idCursor(cursor);
        const rows = await this.store.read((tx) =>
          dashboard.matchPage(tx, {
            limit,
            ...(state !== undefined && { state }),
            ...(queue !== undefined && { queue }),
            ...(serverId !== undefined && { serverId }),
            ...(q !== undefined && { idBeginsWith: q }),
            ...(before !== undefined && { before }),
          }),
        );
        return rows.map(matchRow);
      },
    });
  }

  @Get(':id')
  async one(@Param('id', UUID_PARAMETER) id: string): Promise<MatchDetail> {
    const { book } = await this.board.look();
    return this.store.read(async (tx) => {
      const match = await matches.byId(tx, id);
      const [summary] = await dashboard.matchesByIds(tx, [id]);
      if (!match || !summary) throw new Problem('not-found', 'There is no match of this id.');
      const rules = await matches.rulesOf(tx, id);
      const result = await matches.resultOf(tx, id);
      const voided = (await matchVoids.ofMatches(tx, [id])).get(id);
      return {
        ...matchRow(summary),
        attempt: match.attempt,
        previousServers: [...match.previousServers],
        reserveExpiresAt: match.reserveExpiresAt,
        allowAckedAt: match.allowAckedAt,
        ratedAt: match.ratedAt,
        teams: teamViews(match, rules, { book, present: await presentRatings(tx, match, book) }),
        rules,
        result: result?.result ?? null,
        resultDigest: result?.digest ?? null,
        voidReason: voided?.reason ?? null,
      };
    });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() { reason }: ReasonDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.cancel(by, id, reason, preview);
  }

  @Post(':id/void')
  @HttpCode(200)
  takeOut(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() { reason }: ReasonDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.takeOut(by, id, reason, preview);
  }
}

const MATCH_COLUMNS: CsvColumns<MatchRow> = [
  ['id', ({ id }) => id],
  ['queue', ({ queue }) => queue],
  ['state', ({ state }) => state],
  ['voided', ({ voided }) => voided],
  ['server', ({ serverName }) => serverName],
  ['players', ({ players }) => players],
  ['created', ({ createdAt }) => csvTime(createdAt)],
  ['started', ({ startedAt }) => csvTime(startedAt)],
  ['ended', ({ endedAt }) => csvTime(endedAt)],
  ['end reason', ({ endReason }) => endReason],
];
