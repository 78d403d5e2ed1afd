import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { PageQuery } from '../api/contract.js';
import { NumberOfQuery } from './validation.js';

/** The query of every list. */
export class ListQuery implements PageQuery {
  @IsOptional()
  @NumberOfQuery()
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;

  @IsOptional()
  @IsIn(['csv'])
  format?: 'csv';
}
