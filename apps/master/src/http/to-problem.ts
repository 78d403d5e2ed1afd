import { types } from 'node:util';
import { HttpException } from '@nestjs/common';
import { StoreError } from '@ranked/store';
import { PasswordPoolBusyError } from '../accounts/password-pool.js';
import { Refusal } from '../channel/refusal.js';
import { Problem, type ProblemName } from './problem.js';

const BY_STATUS: Record<number, ProblemName> = {
  400: 'bad-request',
  401: 'unauthenticated',
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  503: 'busy',
};

/** Codes of refusals that say that something is not there. */
const NOT_FOUND: ReadonlySet<string> = new Set(['unknown_player', 'unknown_invite']);

/**
 * The problem that stands for any error that can end a request. Texts of foreign errors are not passed on:
 * a JSON parser's quotes the body, a database's quotes the statement.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof PasswordPoolBusyError)
    return Problem.busy('Too many logins at once. Try again shortly.', 2);
  if (error instanceof Refusal) return fromRefusal(error);
  if (error instanceof StoreError && error.code === 'busy')
    return Problem.busy('The database is busy. Try again shortly.', 1);
  if (error instanceof StoreError && error.code === 'closed')
    return Problem.busy('The server is stopping.', 5);
  if (error instanceof StoreError && error.code === 'invalid_text')
    return new Problem('validation', 'A text has characters that cannot be stored.', {
      extensions: { errors: [] },
    });
  if (error instanceof HttpException) return fromStatus(error.getStatus());
  return (
    fromParser(error) ?? new Problem('internal', 'The request failed. The log has more under its request id.')
  );
}

/** What a service that both doors share refuses; its sentences are meant for players. */
function fromRefusal({ code, message }: Refusal): Problem {
  const detail = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  if (code === 'rate_limited') return Problem.rateLimited(detail, 1_000);
  return new Problem(NOT_FOUND.has(code) ? 'not-found' : 'conflict', detail, { extensions: { code } });
}

function fromStatus(status: number): Problem {
  const name = BY_STATUS[status] ?? (status >= 500 ? 'internal' : 'bad-request');
  if (name === 'busy') return Problem.busy('Try again shortly.', 1);
  return new Problem(name);
}

/** Errors of body-parser and of the router carry a status and a stable `type`. */
function fromParser(error: unknown): Problem | undefined {
  if (!(error instanceof Error) && !types.isNativeError(error)) return undefined;
  const { status, type } = error as { status?: unknown; type?: unknown };
  if (type === 'entity.parse.failed')
    return new Problem('malformed-json', 'The body could not be read as a JSON object.');
  if (type === 'entity.too.large')
    return new Problem('too-large', 'The body is larger than the server takes.');
  if (type === 'charset.unsupported' || type === 'encoding.unsupported')
    return new Problem('unsupported-media-type');
  if (error.name === 'URIError')
    return new Problem('bad-request', 'The path has an invalid percent-encoding.');
  return typeof status === 'number' && status >= 400 && status < 500 ? fromStatus(status) : undefined;
}
