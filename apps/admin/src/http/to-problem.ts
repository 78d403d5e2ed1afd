import { types } from 'node:util';
import { HttpException } from '@nestjs/common';
import { StoreError } from '@ranked/store';
import { Problem } from './problem.js';
import type { ProblemName } from '../api/contract.js';

const BY_STATUS: Readonly<Record<number, ProblemName>> = {
  401: 'unauthenticated',
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  503: 'busy',
};

/**
 * The problem that stands for any error that can end a request. Texts of foreign errors are not passed on: a JSON parser's
 * quotes the body, a database's quotes the statement.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreError) return ofStore(error);
  if (error instanceof HttpException) return ofStatus(error.getStatus());
  return (
    ofParser(error) ?? new Problem('internal', 'The request failed. The log has more under its request id.')
  );
}

function ofStore({ code }: StoreError): Problem {
  if (code === 'busy') return Problem.busy('The database is busy. Try again shortly.', 1);
  if (code === 'closed') return Problem.busy('The dashboard is stopping.', 5);
  if (code === 'unavailable') return Problem.busy('The database cannot be reached.', 5);
  if (code === 'invalid_text')
    return new Problem('validation', 'A text has characters that cannot be stored.', { errors: [] });
  return new Problem('internal', 'The request failed. The log has more under its request id.');
}

function ofStatus(status: number): Problem {
  const name = BY_STATUS[status] ?? (status >= 500 ? 'internal' : 'bad-request');
  return name === 'busy' ? Problem.busy('Try again shortly.', 1) : new Problem(name);
}

/** Errors of body-parser and of the router carry a status and a stable `type`. */
function ofParser(error: unknown): Problem | undefined {
  if (!(error instanceof Error) && !types.isNativeError(error)) return undefined;
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (type === 'entity.parse.failed')
    return new Problem('malformed-json', 'The body could not be read as a JSON object.');
  if (type === 'entity.too.large')
    return new Problem('too-large', 'The body is larger than the dashboard takes.');
  if (error.name === 'URIError')
    return new Problem('bad-request', 'The path has an invalid percent-encoding.');
  return typeof status === 'number' && status >= 400 && status < 500 ? ofStatus(status) : undefined;
}
