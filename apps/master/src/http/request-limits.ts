import type { NextFunction, Request, Response } from 'express';
import { addressKey } from '../limits/address-key.js';
import type { TokenBuckets } from '../limits/token-buckets.js';
import { Problem } from './problem.js';
import { PROBE_PATHS } from './request-context.js';

/** Refuses requests of an address beyond its rate. Probes are free: a monitor must not be locked out by its neighbours. */
export function rateLimit(buckets: TokenBuckets) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const waitMs = PROBE_PATHS.has(request.path) ? 0 : buckets.take(addressKey(request.ip));
    next(waitMs === 0 ? undefined : Problem.rateLimited('This address sends too many requests.', waitMs));
  };
}

/**
 * For `JSON.parse`: members of these names are ignored by what turns bodies into DTOs, so they would slip past
 * the check for unknown fields.
 * @throws SyntaxError
 */
export function refuseSpecialNames(name: string, value: unknown): unknown {
  if (name === '__proto__' || name === 'constructor') throw new SyntaxError('a member of a special name');
  return value;
}

/** Refuses bodies that are not JSON before anything reads them. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const refused = hasBody && request.is('application/json') === false;
  next(refused ? new Problem('unsupported-media-type', 'Send the body as application/json.') : undefined);
}
