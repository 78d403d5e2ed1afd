import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

/** The player of a path. */
export class BlockParams {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

class BlockedPlayerDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'ada' })
  displayName!: string;
  @ApiProperty({ description: 'Unix milliseconds.' })
  createdAt!: number;
}

/** Whom the caller blocks, the latest first. */
export class BlocksDto {
  @ApiProperty({ type: [BlockedPlayerDto] })
  items!: BlockedPlayerDto[];
}
