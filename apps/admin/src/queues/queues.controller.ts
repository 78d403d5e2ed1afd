import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { accounts, dashboard, queue, queueLeftovers, type ReadTx, type Store } from '@ranked/store';
import type { Response } from 'express';
import type {
  ActionResult,
  Impact,
  Page,
  QueueDetail,
  QueueEntryQuery,
  QueueEntryView,
  QueueSummary,
} from '../api/contract.js';
import { Auditor } from '../audit/auditor.js';
import { Board } from '../board/board.js';
import { csvTime, type CsvColumns } from '../http/csv.js';
import { ListQuery } from '../http/list.dto.js';
import { answerList, inMemory } from '../http/list-response.js';
import { By, Preview, UUID_PARAMETER } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import { ReasonDto } from '../http/reason.dto.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { histogram, ofSteps } from './histogram.js';
import { waitingViews } from './waiting-views.js';

/** Width of a bar, display points. */
const RATING_STEP = 50;
/** Width of a bar, seconds. */
const WAIT_STEP = 10;

class EntryQueryDto extends ListQuery implements QueueEntryQuery {
  @IsOptional()
  @IsIn(['wait', 'rating'])
  sort?: 'wait' | 'rating';
}

/** Queues: who waits, why, and how ratings and waits are spread. */
@Controller('api/queues')
export class QueuesController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    private readonly auditor: Auditor,
  ) {}

  @Get()
  async list(): Promise<QueueSummary[]> {
    return (await this.board.look()).overview.queues;
  }

  @Get(':name')
  async one(@Param('name') name: string): Promise<QueueDetail> {
    const { book, overview, at } = await this.board.look();
    const summary = await this.summaryOf(name, overview.queues);
    return this.store.read(async (tx) => {
      const news = await queueLeftovers.ofQueue(tx, name);
      const waiting = waitingViews(await dashboard.waitingEntries(tx, name), book.of(name), at, news);
      return {
        ...summary,
        config: book.of(name)?.config ?? null,
        distribution: {
          ratings: ofSteps(await dashboard.displaySteps(tx, name, RATING_STEP), RATING_STEP),
          waitingRatings: histogram(
            waiting.map(({ rating }) => rating),
            RATING_STEP,
          ),
          waits: histogram(
            waiting.map(({ waitMs }) => waitMs / 1000),
            WAIT_STEP,
          ),
        },
      };
    });
  }

  @Get(':name/entries')
  async entries(
    @Param('name') name: string,
    @Query() query: EntryQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<QueueEntryView> | string> {
    const { book, overview, at } = await this.board.look();
    await this.summaryOf(name, overview.queues);
    const { waiting, news } = await this.store.read(async (tx) => ({
      waiting: await dashboard.waitingEntries(tx, name),
      news: await queueLeftovers.ofQueue(tx, name),
    }));
    const views = waitingViews(waiting, book.of(name), at, news);
    if (query.sort === 'rating') views.sort((a, b) => b.rating - a.rating);
    return answerList(query, response, { name: 'queue', columns: ENTRY_COLUMNS, ...inMemory(views) });
  }

  @Post(':name/entries/:accountId/remove')
  @HttpCode(200)
  async remove(
    @Param('name') name: string,
    @Param('accountId', UUID_PARAMETER) accountId: string,
    @Body() { reason }: ReasonDto,
    @By() operator: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    const find = async (tx: ReadTx): Promise<string> => {
      const entry = await queue.entryOf(tx, accountId);
      if (entry?.queue !== name || entry.matchId !== null)
        throw new Problem('conflict', 'The player does not wait in this queue (any more).');
      return (await accounts.byId(tx, accountId))?.displayName ?? accountId;
    };
    if (preview) {
      const player = await this.store.read(find);
      const sentence = `${player} loses the place in ${name} and the time waited so far, and can join again.`;
      return { sentence, players: 1, matches: 0, certificates: 0, number: 1 };
    }
    const deed = {
      operator,
      action: 'queue.remove',
      target: `player ${accountId}`,
      detail: { queue: name, reason },
    };
    const { auditId, outcome } = await this.auditor.act(deed, async (tx, notes) => {
      const player = await find(tx);
      notes.target = `player ${player} (${accountId})`;
      if (!(await queue.leave(tx, accountId)))
        throw new Problem('conflict', 'The player was matched in this moment.');
      return player;
    });
    this.board.forget();
    return { auditId, changed: true, done: `${outcome} waits in ${name} no more.` };
  }

  private async summaryOf(name: string, summaries: readonly QueueSummary[]): Promise<QueueSummary> {
    const summary = summaries.find((one) => one.name === name);
    if (summary) return summary;
    const names = await this.store.read((tx) => dashboard.queueNames(tx));
    if (!names.includes(name)) throw new Problem('not-found', 'There is no such queue.');
    return {
      name,
      configured: false,
      waiting: 0,
      meanWaitMs: null,
      longestWaitMs: null,
      matchesMade: 0,
      playersMatched: 0,
      meanWaitToMatchMs: null,
      serversFree: 0,
    };
  }
}

const ENTRY_COLUMNS: CsvColumns<QueueEntryView> = [
  ['account', ({ accountId }) => accountId],
  ['name', ({ displayName }) => displayName],
  ['joined', ({ joinedAt }) => csvTime(joinedAt)],
  ['wait seconds', ({ waitMs }) => Math.round(waitMs / 1000)],
  ['rating', ({ rating }) => rating],
  ['window', ({ window }) => window],
  ['nearest', ({ nearest }) => nearest],
  ['reason', ({ reason }) => reason],
];
