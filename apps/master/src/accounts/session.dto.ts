import { ApiProperty } from '@nestjs/swagger';
import { OwnPlayerDto } from './account.dto.js';

class TicketDto {
  @ApiProperty({ description: '32 hexadecimal digits: the ticket id of the handshake.' })
  id!: string;
  @ApiProperty({
    description: 'base64url of 32 bytes. The ticket key is their SHA-256. It is shown this once.',
  })
  secret!: string;
  @ApiProperty({ description: 'Unix milliseconds.' })
  expiresAt!: number;
}

class RdvAddressDto {
  @ApiProperty({ example: 'play.example.org' })
  host!: string;
  @ApiProperty({ example: 23601 })
  port!: number;
}

/** The answer to a login: all that a player's client needs to call the API and to open the player channel. */
export class LoginDto {
  @ApiProperty({ description: 'For `Authorization: Bearer`. It is shown this once.' })
  accessToken!: string;
  @ApiProperty({ type: TicketDto })
  ticket!: TicketDto;
  @ApiProperty({ type: RdvAddressDto, description: 'Where the player channel is.' })
  rdv!: RdvAddressDto;
  @ApiProperty({ description: 'Ed25519, 64 hexadecimal digits: what the channel handshake is signed with.' })
  masterPublicKey!: string;
  @ApiProperty({ type: OwnPlayerDto })
  player!: OwnPlayerDto;
}

/** The caller and the session he calls in. */
export class MeDto extends OwnPlayerDto {
  @ApiProperty({ description: 'Unix milliseconds at which the session ends.' })
  sessionExpiresAt!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Unix milliseconds until which he may not join a queue; null if he may.',
  })
  cooldownUntil!: number | null;
}
