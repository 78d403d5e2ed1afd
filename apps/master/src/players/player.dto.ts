import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { PlayerDto } from '../accounts/account.dto.js';

/** The player of a path. */
export class PlayerParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

/** Which page of a history. */
export class HistoryQuery {
  @ApiProperty({ required: false, default: 20, minimum: 1, maximum: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 20;

  @ApiProperty({ required: false, description: '`next` of the page before.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_.:~-]{1,200}$/, { message: 'before must be the "next" of a page' })
  before?: string;
}

/** How a player stands in one queue. */
export class PlayerRatingDto {
  @ApiProperty({ example: 'duel' })
  queue!: string;
  @ApiProperty({ example: 1500, description: 'Rating points; a new player has 1500.' })
  rating!: number;
  @ApiProperty()
  games!: number;
  @ApiProperty()
  wins!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: '1 is the best; null before the first rated match.',
  })
  rank!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Unix milliseconds.' })
  lastMatchAt!: number | null;
  @ApiProperty({ description: 'Whether the rating is still too uncertain to say much.' })
  provisional!: boolean;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'Gold',
    description: 'Null as long as the rating has been provisional.',
  })
  tier!: string | null;
}

/** A player and his ratings, one per queue. */
export class ProfileDto extends PlayerDto {
  @ApiProperty({ type: [PlayerRatingDto] })
  ratings!: PlayerRatingDto[];
}

class HistoryPlayerDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty()
  displayName!: string;
  @ApiProperty({ type: Number, nullable: true })
  ratingBefore!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  ratingAfter!: number | null;
}

class HistoryTeamDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    description: '0 is the best; equal ranks are a tie; null if the match was not rated.',
  })
  rank!: number | null;
  @ApiProperty({ type: Number, nullable: true })
  score!: number | null;
  @ApiProperty({ type: [HistoryPlayerDto] })
  players!: HistoryPlayerDto[];
}

/** One ended match, seen by one of its players. */
export class HistoryItemDto {
  @ApiProperty({ format: 'uuid' })
  matchId!: string;
  @ApiProperty()
  queue!: string;
  @ApiProperty({ enum: ['win', 'loss', 'draw', 'void'] })
  outcome!: 'win' | 'loss' | 'draw' | 'void';
  @ApiProperty({ type: Number, nullable: true, description: 'Unix milliseconds.' })
  startedAt!: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Unix milliseconds.' })
  endedAt!: number | null;
  @ApiProperty({ description: "The player's team: an index of `teams`." })
  team!: number;
  @ApiProperty({ type: [HistoryTeamDto] })
  teams!: HistoryTeamDto[];
}

/** A page of ended matches, newest first. */
export class HistoryDto {
  @ApiProperty({ type: [HistoryItemDto] })
  items!: HistoryItemDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as `before` for the next page; null on the last.',
  })
  next!: string | null;
}
