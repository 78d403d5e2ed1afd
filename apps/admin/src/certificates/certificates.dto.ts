import { isIP } from 'node:net';
import { IsIn, IsInt, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import type {
  CertificateQuery,
  CertificateStatus,
  IssueCertificateBody,
  RotateMasterKeyBody,
} from '../api/contract.js';
import { ListQuery } from '../http/list.dto.js';
import { PlainText } from '../http/validation.js';

const STATUSES = ['valid', 'expiring', 'expired', 'revoked', 'other-key'] as const;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class CertificateQueryDto extends ListQuery implements CertificateQuery {
  @IsOptional()
  @IsIn(STATUSES)
  status?: CertificateStatus;

  @IsOptional()
  @PlainText(1, 64)
  q?: string;
}

/** A name as certtool takes it: it names the file and stands in lists and logs. */
function IsServerName(): PropertyDecorator {
  return ValidateBy({
    name: 'serverName',
    validator: {
      validate: (value) =>
        typeof value === 'string' &&
        !/[/\\<>:"|?*]/.test(value) &&
        !/^[.\s-]|[.\s]$/u.test(value) &&
        !/\.s2scert$/i.test(value) &&
        !UUID.test(value),
      defaultMessage: () =>
        'name must not have any of / \\ < > : " | ? *, begin with a dot, space or hyphen, end with a dot or space, or look like a UUID or a file name',
    },
  });
}

export class IssueDto implements IssueCertificateBody {
  @PlainText(1, 64)
  @IsServerName()
  name: string;

  @IsInt()
  @Min(1)
  @Max(3_650)
  days: number;

  @IsOptional()
  @ValidateBy({
    name: 'host',
    validator: {
      validate: (value) => typeof value === 'string' && (isIP(value) !== 0 || HOST_NAME.test(value)),
      defaultMessage: () => 'host must be a host name or an IP address, without a port',
    },
  })
  host?: string;
}

export class RotateDto implements RotateMasterKeyBody {
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  confirm: number;

  @PlainText(1, 200)
  reason: string;
}
