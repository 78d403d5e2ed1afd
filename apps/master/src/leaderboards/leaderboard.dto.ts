import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';

const UUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** The queue of a path. */
export class QueueParams {
  @ApiProperty({ example: 'duel' })
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'queue must be the name of a queue' })
  queue!: string;
}

/** Which part of a leaderboard. */
export class LeaderboardQuery {
  @ApiProperty({ required: false, default: 50, minimum: 1, maximum: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;

  @ApiProperty({
    required: false,
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: 'Not together with `around`.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;

  @ApiProperty({
    required: false,
    description: '`me` (needs an access token) or the id of a player: the part in whose middle he stands.',
  })
  @ValidateIf((query: LeaderboardQuery) => query.around !== undefined)
  @Matches(new RegExp(`^(?:me|${UUID})$`), { message: 'around must be "me" or the id of a player' })
  around?: string;
}

/** A queue that players can join. */
export class QueueDto {
  @ApiProperty({ example: 'duel' })
  name!: string;
  @ApiProperty({ example: 2 })
  teams!: number;
  @ApiProperty({ example: 1, description: 'Players in each team.' })
  size!: number;
  @ApiProperty({ description: 'Players that wait now.' })
  waiting!: number;
}

/** All queues. */
export class QueuesDto {
  @ApiProperty({ type: [QueueDto] })
  items!: QueueDto[];
}

class LeaderboardRowDto {
  @ApiProperty({ example: 1 })
  rank!: number;
  @ApiProperty({ format: 'uuid' })
  playerId!: string;
  @ApiProperty()
  displayName!: string;
  @ApiProperty({ example: 1612 })
  rating!: number;
  @ApiProperty()
  games!: number;
  @ApiProperty()
  wins!: number;
  @ApiProperty({ description: 'Whether the rating is still too uncertain to say much.' })
  provisional!: boolean;
  @ApiProperty({ type: String, nullable: true, example: 'Gold' })
  tier!: string | null;
}

/** A part of a leaderboard, best first. Players stand on it from their first rated match on. */
export class LeaderboardDto {
  @ApiProperty()
  queue!: string;
  @ApiProperty({ type: [LeaderboardRowDto] })
  items!: LeaderboardRowDto[];
}
