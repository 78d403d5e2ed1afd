import { IsBoolean, IsInt, IsOptional, Max, Min, ValidateIf } from 'class-validator';
import type { BanBody, PlayerQuery, RenameBody } from '../api/contract.js';
import { ListQuery } from '../http/list.dto.js';
import { FlagOfQuery, PlainText } from '../http/validation.js';

export class PlayerQueryDto extends ListQuery implements PlayerQuery {
  @IsOptional()
  @PlainText(1, 64)
  q?: string;

  @IsOptional()
  @FlagOfQuery()
  @IsBoolean()
  banned?: boolean;
}

export class RatingQueryDto {
  @PlainText(1, 64)
  queue: string;
}

export class BanDto implements BanBody {
  @ValidateIf(({ until }: BanBody) => until !== null)
  @IsInt()
  @Min(0)
  @Max(8_640_000_000_000_000)
  until: number | null;

  @PlainText(1, 200)
  reason: string;
}

export class RenameDto implements RenameBody {
  @PlainText(1, 32)
  displayName: string;

  @PlainText(1, 200)
  reason: string;
}
