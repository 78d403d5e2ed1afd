import { createParamDecorator, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { Request } from 'express';
import type { Operator } from '../operators/operator.js';
import { Problem } from './problem.js';
import { operatorOf } from './request-context.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `@By() operator: Operator`: who asks. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Operator =>
  operatorOf(context.switchToHttp().getRequest<Request>()),
);

/** `@Preview() preview: boolean`: whether only the effect is asked for (`?preview=true`). */
export const Preview = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { preview } = context.switchToHttp().getRequest<Request>().query;
  if (preview === undefined || preview === 'false') return false;
  if (preview === 'true') return true;
  throw new Problem('validation', 'See "errors" for what is not acceptable.', {
    errors: [{ field: 'preview', message: 'must be true or false' }],
  });
});

/** `@Param('id', UUID_PARAMETER)`: what is no id names nothing. */
export const UUID_PARAMETER: PipeTransform<string, string> = {
  transform(value) {
    const id = value.toLowerCase();
    if (!UUID.test(id)) throw new Problem('not-found', 'That is not an id.');
    return id;
  },
};
