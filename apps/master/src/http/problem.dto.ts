import { ApiProperty } from '@nestjs/swagger';

class FieldErrorDto {
  @ApiProperty({ example: 'username' })
  field!: string;
  @ApiProperty({ example: 'username must be longer than or equal to 3 characters' })
  message!: string;
}

/** A problem (RFC 9457), for the description of the API. */
export class ProblemDto {
  @ApiProperty({ example: '/problems/validation' })
  type!: string;
  @ApiProperty()
  title!: string;
  @ApiProperty({ example: 400 })
  status!: number;
  @ApiProperty({ required: false })
  detail?: string;
  @ApiProperty({ required: false })
  requestId?: string;
  @ApiProperty({ required: false, type: [FieldErrorDto], description: 'Only of /problems/validation.' })
  errors?: FieldErrorDto[];
}
