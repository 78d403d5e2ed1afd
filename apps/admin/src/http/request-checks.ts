import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Auditor } from '../audit/auditor.js';
import type { TokenDigest } from '../token/token-digest.js';
import type { WrongTokenThrottle } from '../token/wrong-token-throttle.js';
import { Problem } from './problem.js';
import { operatorOf } from './request-context.js';

/** Operators whose first good token was noted, as `serial address`; past this many they are noted anew. */
const MAX_NOTED = 1_000;

/** A page of another site that a browser with the certificate shows may ask nothing, whatever it sends along. */
export function refuseForeignOrigins(auditor: Auditor): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const site = request.get('sec-fetch-site');
    const origin = request.get('origin');
    const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
    const isForeignOrigin = origin !== undefined && origin !== `https://${request.get('host') ?? ''}`;
    if (!isForeignSite && !isForeignOrigin) return next();
    const { name: actor, address, serial } = operatorOf(request);
    void auditor.refused({
      address,
      actor,
      action: 'request.refuse',
      target: "another site's page",
      detail: { serial, origin: origin ?? '', site: site ?? '' },
    });
    next(new Problem('foreign-origin'));
  };
}

/**
 * The third lock: `Authorization: Bearer <token>`. The header is taken out of the request before anything else sees it.
 * Wrong tokens slow down and are audited; so is the first good one of each certificate and address.
 */
export function requireToken(
  digest: TokenDigest,
  throttle: WrongTokenThrottle,
  auditor: Auditor,
): RequestHandler {
  const noted = new Set<string>();
  return (request: Request, _response: Response, next: NextFunction) => {
    const header = request.get('authorization');
    forgetHeader(request);
    const { name: actor, address, serial } = operatorOf(request);
    const peer = { certificate: serial, address };
    const refuse = (why: string, waitMs = 0): void => {
      void auditor.refused({
        address,
        actor,
        action: 'token.refuse',
        target: why,
        detail: { serial, path: request.path },
      });
      next(
        Problem.unauthenticated(waitMs > 0 ? 'Too many wrong tokens: wait before the next.' : why, waitMs),
      );
    };
    if (header === undefined) return refuse('no token');
    const waitMs = throttle.waitOf(peer);
    if (waitMs > 0) return refuse('a token too soon after wrong ones', waitMs);
    const candidate = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (candidate === undefined || !digest.matches(candidate)) {
      throttle.wrong(peer);
      return refuse('a wrong token', throttle.waitOf(peer));
    }
    throttle.right(peer);
    const key = `${serial} ${address}`;
    if (noted.has(key)) return next();
    if (noted.size >= MAX_NOTED) noted.clear();
    noted.add(key);
    auditor
      .record({ address, actor, action: 'session.open', target: `certificate ${serial}`, result: 'done' })
      .then(
        () => next(),
        (error: unknown) => {
          noted.delete(key);
          // Who may come in has to be able to see what is wrong; each action is refused by itself.
          next(error instanceof Problem && error.code === 'audit-failed' ? undefined : error);
        },
      );
  };
}

/** Bodies are JSON: a form of another site cannot send that without asking first. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  if (!hasBody || request.headers['content-length'] === '0' || request.is('application/json') !== false)
    return next();
  next(new Problem('unsupported-media-type'));
}

/** What the token was sent in, in both places where Node keeps it. */
function forgetHeader(request: Request): void {
  delete request.headers.authorization;
  request.rawHeaders.forEach((name, index) => {
    if (index % 2 === 0 && name.toLowerCase() === 'authorization') request.rawHeaders[index + 1] = '';
  });
}
