import { IsBoolean, IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import type {
  AllowBody,
  DrainBody,
  ForceStartBody,
  KickBody,
  LogQuery,
  ServerQuery,
  ServerState,
  ShutdownBody,
} from '../api/contract.js';
import { ListQuery } from '../http/list.dto.js';
import { NumberOfQuery, PlainText } from '../http/validation.js';
import { STATES_BY_TROUBLE } from './server-state.js';

const SORTS = ['problems', 'name', 'load', 'players', 'lastSeen', 'certificate'] as const;
const LEVELS = ['info', 'warn', 'error'] as const;

export class ServerQueryDto extends ListQuery implements ServerQuery {
  @IsOptional()
  @PlainText(1, 100)
  q?: string;

  @IsOptional()
  @IsIn(STATES_BY_TROUBLE)
  state?: ServerState;

  @IsOptional()
  @PlainText(1, 64)
  region?: string;

  @IsOptional()
  @IsIn(SORTS)
  sort?: (typeof SORTS)[number];
}

export class LogQueryDto extends ListQuery implements LogQuery {
  @IsOptional()
  @PlainText(1, 200)
  q?: string;

  @IsOptional()
  @IsIn(LEVELS)
  level?: (typeof LEVELS)[number];

  @IsOptional()
  @IsUUID()
  serverId?: string;

  @IsOptional()
  @NumberOfQuery()
  @IsInt()
  @Min(0)
  after?: number;
}

export class KickDto implements KickBody {
  @IsUUID()
  matchId: string;

  @IsUUID()
  accountId: string;

  @PlainText(1, 200)
  reason: string;
}

export class MatchDto implements AllowBody, ForceStartBody {
  @IsUUID()
  matchId: string;
}

export class ShutdownDto implements ShutdownBody {
  @IsInt()
  @Min(0)
  @Max(86_400)
  graceSeconds: number;

  @PlainText(1, 200)
  reason: string;
}

export class DrainDto implements DrainBody {
  @IsBoolean()
  on: boolean;
}
