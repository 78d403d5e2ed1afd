import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { Clock, RandomSource } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { TokenBuckets } from '../limits/token-buckets.js';
import { LOGGER, type Logger } from '../logging/logger.js';
import { serveOpenApi } from './openapi.js';
import { ProblemFilter, sendProblem } from './problem.filter.js';
import { requestContext } from './request-context.js';
import { rateLimit, refuseSpecialNames, requireJson } from './request-limits.js';
import { securityHeaders } from './security-headers.js';
import { createValidationPipe } from './validation.js';

const MAX_ADDRESSES = 50_000;

/**
 * Everything that happens to a request before its controller, in this order: id, header fields, rate, media type,
 * body. What any of these refuses becomes a problem like every other.
 */
export function configureHttp(app: NestExpressApplication): void {
  const config = app.get(MasterConfig);
  const log = app.get<Logger>(LOGGER);
  const clock = app.get(Clock);
  app.set('trust proxy', config.trustedProxies.length > 0 ? config.trustedProxies : false);
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.disable('x-powered-by');
  app.use(requestContext({ clock, random: app.get(RandomSource), lifecycle: app.get(Lifecycle), log }));
  app.use(securityHeaders());
  const rate = {
    perSecond: config.httpRequestsPerSecond,
    burst: config.httpRequestBurst,
    maxKeys: MAX_ADDRESSES,
  };
  app.use(rateLimit(new TokenBuckets(clock, rate)));
  app.use(requireJson);
  app.useBodyParser('json', {
    limit: config.bodyBytes,
    strict: true,
    inflate: false,
    reviver: refuseSpecialNames,
  });
  // Four parameters make it Express's error handler; it answers for the middleware above, Nest's filter for the rest.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    sendProblem(error, request, response, log),
  );
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  serveOpenApi(app);
}
