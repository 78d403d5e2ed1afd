import { ApiProperty } from '@nestjs/swagger';
import type { Account } from '@ranked/store';
import { IsString, Length, Matches } from 'class-validator';

const USERNAME = /^[A-Za-z0-9_-]*$/;

/** A name and a password, of a registration and of a login alike. */
export class CredentialsDto {
  @ApiProperty({
    minLength: 3,
    maxLength: 32,
    pattern: '^[A-Za-z0-9_-]{3,32}$',
    example: 'ada',
    description: 'Upper and lower case are the same name.',
  })
  @IsString()
  @Length(3, 32)
  @Matches(USERNAME, { message: 'username may have only A-Z a-z 0-9 _ -' })
  username!: string;

  @ApiProperty({ minLength: 8, maxLength: 256, format: 'password' })
  @IsString()
  @Length(8, 256)
  password!: string;
}

/** What everybody may know of a player. */
export class PlayerDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'ada' })
  displayName!: string;
  @ApiProperty({ description: 'Unix milliseconds.' })
  createdAt!: number;
}

/** What a player may know of himself. */
export class OwnPlayerDto extends PlayerDto {
  @ApiProperty({ example: 'ada' })
  username!: string;
}

export function toPlayer(account: Account): PlayerDto {
  return { id: account.id, displayName: account.displayName, createdAt: account.createdAt };
}

export function toOwnPlayer(account: Account): OwnPlayerDto {
  return { ...toPlayer(account), username: account.username };
}
