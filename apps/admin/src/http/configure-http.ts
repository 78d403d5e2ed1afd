import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { Auditor } from '../audit/auditor.js';
import type { Logger } from '../logging/logger.js';
import type { Operator } from '../operators/operator.js';
import type { TokenDigest } from '../token/token-digest.js';
import { WrongTokenThrottle } from '../token/wrong-token-throttle.js';
import { ProblemFilter, sendProblem } from './problem.filter.js';
import { refuseForeignOrigins, requireJson, requireToken } from './request-checks.js';
import { requestContext } from './request-context.js';
import { securityHeaders } from './security-headers.js';
import { createValidationPipe } from './validation.js';
import { serveWebPage } from './web-page.js';

const MAX_BODY = 65_536;

/** What requests are checked with. */
export interface HttpOptions {
  token: TokenDigest;
  operatorOfSocket: (socket: Request['socket']) => Operator | undefined;
  log: Logger;
  /** Directory of the built page. */
  webRoot: string;
}

/**
 * Everything that happens to a request before its controller, in this order: who it is, header fields, and for the API
 * origin, token, media type, body. What any of these refuses becomes a problem like every other.
 */
export function configureHttp(
  app: NestExpressApplication,
  { token, operatorOfSocket, log, webRoot }: HttpOptions,
): void {
  const auditor = app.get(Auditor);
  const throttle = new WrongTokenThrottle(() => performance.now());
  // Addresses are those of sockets: no header is asked for them.
  app.set('trust proxy', false);
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.use(requestContext(operatorOfSocket, log));
  app.use(securityHeaders());
  app.use(
    '/api',
    noStore,
    refuseForeignOrigins(auditor),
    requireToken(token, throttle, auditor),
    requireJson,
  );
  app.useBodyParser('json', { limit: MAX_BODY, strict: true, inflate: false, reviver: refuseSpecialNames });
  serveWebPage(app, webRoot);
  app.use(errorHandler(log));
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
}

function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

/** Four parameters make it Express's error handler; it answers for the middleware above, Nest's filter for the rest. */
function errorHandler(log: Logger) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void =>
    sendProblem(error, request, response, log);
}

/** For `JSON.parse`: members of these names slip past the check for unknown fields. */
function refuseSpecialNames(name: string, value: unknown): unknown {
  if (name === '__proto__' || name === 'constructor') throw new SyntaxError('a member of a special name');
  return value;
}
