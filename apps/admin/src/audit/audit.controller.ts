import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { auditLog, type Store } from '@ranked/store';
import type { Response } from 'express';
import type { AuditEntryView, AuditQuery, AuditResult, AuditVerification, Page } from '../api/contract.js';
import { Board } from '../board/board.js';
import { csvTime, type CsvColumns } from '../http/csv.js';
import { ListQuery } from '../http/list.dto.js';
import { answerList, numberCursor } from '../http/list-response.js';
import { NumberOfQuery, PlainText } from '../http/validation.js';
import { STORE } from '../store/store.module.js';
import { auditView } from './audit-view.js';
import { Auditor } from './auditor.js';

const MAX_TIME = 8_640_000_000_000_000;

class AuditQueryDto extends ListQuery implements AuditQuery {
  @IsOptional()
  @PlainText(1, 64)
  actor?: string;

  @IsOptional()
  @PlainText(1, 64)
  action?: string;

  @IsOptional()
  @IsIn(['done', 'refused', 'failed'])
  result?: AuditResult;

  @IsOptional()
  @PlainText(1, 200)
  q?: string;

  @IsOptional()
  @NumberOfQuery()
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
  from?: number;

  @IsOptional()
  @NumberOfQuery()
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
  to?: number;
}

/** Who did what, and whether the log still says so. */
@Controller('api/audit')
export class AuditController {
  /** A check that is under way: those who ask meanwhile get its answer. */
  private checking: Promise<AuditVerification> | undefined;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: Board,
    private readonly auditor: Auditor,
  ) {}

  @Get()
  list(
    @Query() query: AuditQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<AuditEntryView> | string> {
    const { actor, action, result, q, from, to } = query;
    return answerList(query, response, {
      name: 'audit',
      columns: AUDIT_COLUMNS,
      cursorOf: ({ id }) => String(id),
      read: async ({ limit, cursor }) => {
        const before = numberCursor(cursor);
        const rows = await this.store.read((tx) =>
          auditLog.list(tx, {
            limit,
            ...(before !== undefined && { before }),
            ...(actor !== undefined && { actor }),
            ...(action !== undefined && { action }),
            ...(result !== undefined && { result }),
            ...(q !== undefined && { contains: q }),
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
          }),
        );
        return rows.map(auditView);
      },
    });
  }

  @Get('verify')
  verify(): Promise<AuditVerification> {
    this.checking ??= this.check().finally(() => (this.checking = undefined));
    return this.checking;
  }

  private async check(): Promise<AuditVerification> {
    const { checked, fault } = await this.auditor.verify();
    this.board.auditFault = fault === null ? null : fault.text;
    this.board.forget();
    return { ok: fault === null, checked, fault };
  }
}

const AUDIT_COLUMNS: CsvColumns<AuditEntryView> = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => csvTime(at)],
  ['address', ({ address }) => address],
  ['actor', ({ actor }) => actor],
  ['action', ({ action }) => action],
  ['target', ({ target }) => target],
  ['result', ({ result }) => result],
  ['count', ({ count }) => count],
  ['detail', ({ detail }) => JSON.stringify(detail)],
];
