import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { certificates, dashboard, type Store } from '@ranked/store';
import type { Response } from 'express';
import type {
  ActionResult,
  Impact,
  LogLineView,
  Page,
  ServerCommandView,
  ServerDetail,
  ServerRow,
} from '../api/contract.js';
import { Board } from '../board/board.js';
import { csvTime, type CsvColumns } from '../http/csv.js';
import { ListQuery } from '../http/list.dto.js';
import { answerList, inMemory, numberCursor, pairCursor } from '../http/list-response.js';
import { By, Preview, UUID_PARAMETER } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import { matchRow } from '../matches/match-row.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { commandView } from './command-view.js';
import { logLineView } from './log-line-view.js';
import { ServerActions } from './server-actions.js';
import { DrainDto, KickDto, LogQueryDto, MatchDto, ServerQueryDto, ShutdownDto } from './servers.dto.js';
import { sortServers } from './sort-servers.js';

/** Commands shown with a server. */
const COMMANDS_SHOWN = 20;

/** Game servers: what they are at, what they log, and what they are told. */
@Controller('api')
export class ServersController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    private readonly actions: ServerActions,
  ) {}

  @Get('servers')
  async list(
    @Query() query: ServerQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<ServerRow> | string> {
    const { servers } = await this.board.look();
    const wanted = query.q?.toLowerCase();
    const rows = servers.filter(
      (server) =>
        (query.state === undefined || server.state === query.state) &&
        (query.region === undefined || server.region === query.region) &&
        (wanted === undefined || server.name.toLowerCase().includes(wanted) || server.id.startsWith(wanted)),
    );
    const sorted = sortServers(rows, query.sort ?? 'problems');
    return answerList(query, response, { name: 'servers', columns: SERVER_COLUMNS, ...inMemory(sorted) });
  }

  @Get('servers/:id')
  async one(@Param('id', UUID_PARAMETER) id: string): Promise<ServerDetail> {
    const { servers } = await this.board.look();
    const row = servers.find((server) => server.id === id);
    if (!row) throw new Problem('not-found', 'No game server of this id has ever connected.');
    return this.store.read(async (tx) => {
      const certificate = await certificates.byUuid(tx, id);
      if (!certificate) throw new Problem('not-found');
      const matches = await dashboard.matchesOfServer(tx, id);
      const commands = await dashboard.commandPage(tx, { serverId: id, limit: COMMANDS_SHOWN });
      const { uuid, issuedAt, expiresAt, masterKeyId, publicHost, revokedAt, revokeReason } = certificate;
      return {
        ...row,
        certificate: {
          uuid,
          issuedAt: issuedAt * 1000,
          expiresAt: expiresAt * 1000,
          masterKeyId,
          publicHost,
          revokedAt,
          revokeReason,
        },
        liveMatches: matches.map(matchRow),
        commands: commands.map(commandView),
      };
    });
  }

  @Get('servers/:id/commands')
  commands(
    @Param('id', UUID_PARAMETER) serverId: string,
    @Query() query: ListQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<ServerCommandView> | string> {
    return answerList(query, response, {
      name: 'commands',
      columns: COMMAND_COLUMNS,
      cursorOf: ({ createdAt, id }) => `${createdAt}.${id}`,
      read: async ({ limit, cursor }) => {
        const place = pairCursor(cursor);
        const before = place && { createdAt: place.number, id: place.id };
        const rows = await this.store.read((tx) =>
          dashboard.commandPage(tx, { serverId, limit, ...(before && { before }) }),
        );
        return rows.map(commandView);
      },
    });
  }

  @Get('servers/:id/logs')
  logsOf(
    @Param('id', UUID_PARAMETER) serverId: string,
    @Query() query: LogQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<LogLineView> | string> {
    return this.logLines({ ...query, serverId }, response);
  }

  @Get('logs')
  logs(
    @Query() query: LogQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<LogLineView> | string> {
    return this.logLines(query, response);
  }

  @Post('servers/:id/kick')
  @HttpCode(200)
  kick(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: KickDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.kick(by, id, body, preview);
  }

  @Post('servers/:id/allow')
  @HttpCode(200)
  allow(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: MatchDto,
    @By() by: Operator,
  ): Promise<ActionResult> {
    return this.actions.allow(by, id, body);
  }

  @Post('servers/:id/force-start')
  @HttpCode(200)
  forceStart(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: MatchDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.forceStart(by, id, body, preview);
  }

  @Post('servers/:id/shutdown')
  @HttpCode(200)
  shutdown(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: ShutdownDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.shutdown(by, id, body, preview);
  }

  @Post('servers/:id/drain')
  @HttpCode(200)
  drain(
    @Param('id', UUID_PARAMETER) id: string,
    @Body() body: DrainDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.drain(by, id, body, preview);
  }

  private logLines(query: LogQueryDto, response: Response): Promise<Page<LogLineView> | string> {
    const { q, level, serverId, after } = query;
    return answerList(query, response, {
      name: 'logs',
      columns: LOG_COLUMNS,
      cursorOf: ({ id }) => String(id),
      read: async ({ limit, cursor }) => {
        const place = numberCursor(cursor);
        const rows = await this.store.read((tx) =>
          dashboard.logLines(tx, {
            limit,
            ...(q !== undefined && { contains: q }),
            ...(level !== undefined && { level }),
            ...(serverId !== undefined && { serverId }),
            // Followed, lines come oldest first, and what follows them is newer.
            ...(after !== undefined ? { after: place ?? after } : place !== undefined && { before: place }),
          }),
        );
        return rows.map(logLineView);
      },
    });
  }
}

const SERVER_COLUMNS: CsvColumns<ServerRow> = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['state', ({ state }) => state],
  ['region', ({ region }) => region],
  ['build', ({ build }) => build],
  ['address', ({ address }) => address],
  ['node', ({ nodeId }) => nodeId],
  ['load', ({ load }) => load],
  ['players', ({ players }) => players],
  ['matches', ({ matches }) => matches],
  ['capacity', ({ capacity }) => capacity],
  ['last seen', ({ lastSeen }) => csvTime(lastSeen)],
  ['certificate expires', ({ certificateExpiresAt }) => csvTime(certificateExpiresAt)],
  ['trust', ({ trust }) => trust.level],
];

const COMMAND_COLUMNS: CsvColumns<ServerCommandView> = [
  ['id', ({ id }) => id],
  ['created', ({ createdAt }) => csvTime(createdAt)],
  ['command', ({ text }) => text],
  ['state', ({ state }) => state],
  ['error', ({ error }) => error],
];

const LOG_COLUMNS: CsvColumns<LogLineView> = [
  ['at', ({ at }) => csvTime(at)],
  ['server', ({ serverName }) => serverName],
  ['level', ({ level }) => level],
  ['message', ({ message }) => message],
];
