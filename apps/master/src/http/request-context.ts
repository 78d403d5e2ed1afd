import type { NextFunction, Request, Response } from 'express';
import type { Clock, RandomSource } from '../clock/clock.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Logger } from '../logging/logger.js';

interface Parts {
  clock: Clock;
  random: RandomSource;
  lifecycle: Lifecycle;
  log: Logger;
}

/** Probes come every second or so; they would drown the rest of the log. */
export const PROBE_PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/**
 * The first middleware: gives each request an id of our own making (one that a client sends is ignored, since it would
 * end up in our log), which the answer carries, and writes one line when it has ended.
 */
export function requestContext({ clock, random, lifecycle, log }: Parts) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const requestId = random.bytes(12).toString('hex');
    const startedAt = clock.elapsed();
    const path = request.path;
    response.setHeader('X-Request-Id', requestId);
    if (lifecycle.state === 'draining') response.setHeader('Connection', 'close');
    response.once('close', () => {
      // A keep-alive connection whose request was still being answered when the drain began has no other end.
      if (lifecycle.state === 'draining') request.socket.end();
      const fields = {
        component: 'http',
        requestId,
        method: request.method,
        path,
        status: response.statusCode,
        ms: Math.round(clock.elapsed() - startedAt),
        address: request.ip,
      };
      if (!response.writableFinished) log.info({ ...fields, aborted: true }, 'request aborted');
      else if (PROBE_PATHS.has(path)) log.debug(fields, 'request');
      else log.info(fields, 'request');
    });
    next();
  };
}

/** The id that this request was given. */
export function requestIdOf(response: Response): string | undefined {
  return response.getHeader('X-Request-Id')?.toString();
}
