import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { dashboard, operatorCertificates, settings, type CertificateFilter, type Store } from '@ranked/store';
import type { Response } from 'express';
import type {
  ActionResult,
  CertificateStatus,
  CertificateView,
  Impact,
  IssuedCertificate,
  MasterKeyView,
  OperatorCertificateView,
  Page,
  RotatedMasterKey,
} from '../api/contract.js';
import { csvTime, type CsvColumns } from '../http/csv.js';
import { ListQuery } from '../http/list.dto.js';
import { answerList, idCursor, pairCursor } from '../http/list-response.js';
import { By, Preview, UUID_PARAMETER } from '../http/parameters.js';
import { Problem } from '../http/problem.js';
import { ReasonDto } from '../http/reason.dto.js';
import type { Operator } from '../operators/operator.js';
import { STORE } from '../store/store.module.js';
import { CertificateActions } from './certificate-actions.js';
import { certificateView, EXPIRING_S, operatorCertificateView } from './certificate-view.js';
import { CertificateQueryDto, IssueDto, RotateDto } from './certificates.dto.js';
import { MasterKeyActions } from './master-key-actions.js';

/** Certificates of game servers, the master key, and the certificates that open the dashboard itself. */
@Controller('api')
export class CertificatesController {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly actions: CertificateActions,
    private readonly masterKey: MasterKeyActions,
  ) {}

  @Get('certificates')
  list(
    @Query() query: CertificateQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<CertificateView> | string> {
    const now = Date.now();
    return answerList(query, response, {
      name: 'certificates',
      columns: CERTIFICATE_COLUMNS,
      cursorOf: ({ expiresAt, uuid }) => `${expiresAt / 1000}.${uuid}`,
      read: async ({ limit, cursor }) => {
        const place = pairCursor(cursor);
        return this.store.read(async (tx) => {
          const masterKeyId = await settings.masterKeyId(tx);
          const rows = await dashboard.certificatePage(tx, {
            limit,
            ...(query.q !== undefined && { text: query.q }),
            ...(query.status !== undefined && filterOf(query.status, masterKeyId, Math.floor(now / 1000))),
            ...(place && { after: { expiresAt: place.number, uuid: place.id } }),
          });
          return rows.map((row) => certificateView(row, masterKeyId, now));
        });
      },
    });
  }

  @Post('certificates')
  issue(@Body() body: IssueDto, @By() by: Operator): Promise<IssuedCertificate> {
    return this.actions.issue(by, body);
  }

  @Get('certificates/downloads/:id')
  async download(@Param('id') id: string, @By() by: Operator): Promise<StreamableFile> {
    const { bytes, fileName } = await this.actions.download(by, id);
    return new StreamableFile(bytes, {
      type: 'application/octet-stream',
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      length: bytes.length,
    });
  }

  @Post('certificates/:uuid/revoke')
  @HttpCode(200)
  revoke(
    @Param('uuid', UUID_PARAMETER) uuid: string,
    @Body() { reason }: ReasonDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<ActionResult | Impact> {
    return this.actions.revoke(by, uuid, reason, preview);
  }

  @Get('master-key')
  key(): Promise<MasterKeyView> {
    return this.masterKey.view();
  }

  @Post('master-key/rotate')
  @HttpCode(200)
  rotate(
    @Body() body: RotateDto,
    @By() by: Operator,
    @Preview() preview: boolean,
  ): Promise<RotatedMasterKey | Impact> {
    return this.masterKey.rotate(by, body, preview);
  }

  @Get('operator-certificates')
  operators(
    @Query() query: ListQuery,
    @By() by: Operator,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Page<OperatorCertificateView> | string> {
    const now = Date.now();
    return answerList(query, response, {
      name: 'operator-certificates',
      columns: OPERATOR_COLUMNS,
      cursorOf: ({ serial }) => serial,
      read: async ({ limit, cursor }) => {
        const after = idCursor(cursor);
        const rows = await this.store.read((tx) =>
          operatorCertificates.list(tx, { limit, ...(after !== undefined && { after }) }),
        );
        return rows.map((row) => operatorCertificateView(row, by, now));
      },
    });
  }

  @Post('operator-certificates/:serial/revoke')
  @HttpCode(200)
  revokeOperator(
    @Param('serial') serial: string,
    @Body() { reason }: ReasonDto,
    @By() by: Operator,
  ): Promise<ActionResult> {
    if (!/^[0-9a-f]{1,64}$/.test(serial)) throw new Problem('not-found', 'That is not a serial.');
    return this.actions.revokeOperator(by, serial, reason);
  }
}

function filterOf(status: CertificateStatus, masterKeyId: string | null, seconds: number): CertificateFilter {
  const ofKey: CertificateFilter = masterKeyId === null ? {} : { masterKeyId };
  if (status === 'revoked') return { revoked: true };
  // Without a key in use nothing is of another one: then no id is that of all.
  if (status === 'other-key')
    return {
      revoked: false,
      ...(masterKeyId === null ? { masterKeyId: '' } : { notMasterKeyId: masterKeyId }),
    };
  if (status === 'expired') return { revoked: false, expiresUntil: seconds, ...ofKey };
  if (status === 'expiring')
    return { revoked: false, expiresAfter: seconds, expiresUntil: seconds + EXPIRING_S - 1, ...ofKey };
  return { revoked: false, expiresAfter: seconds + EXPIRING_S - 1, ...ofKey };
}

const CERTIFICATE_COLUMNS: CsvColumns<CertificateView> = [
  ['uuid', ({ uuid }) => uuid],
  ['name', ({ name }) => name],
  ['status', ({ status }) => status],
  ['issued', ({ issuedAt }) => csvTime(issuedAt)],
  ['expires', ({ expiresAt }) => csvTime(expiresAt)],
  ['revoked', ({ revokedAt }) => csvTime(revokedAt)],
  ['reason', ({ revokeReason }) => revokeReason],
  ['host', ({ publicHost }) => publicHost],
  ['master key', ({ masterKeyId }) => masterKeyId],
];

const OPERATOR_COLUMNS: CsvColumns<OperatorCertificateView> = [
  ['serial', ({ serial }) => serial],
  ['name', ({ name }) => name],
  ['status', ({ status }) => status],
  ['expires', ({ expiresAt }) => csvTime(expiresAt)],
];
