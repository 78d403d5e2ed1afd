import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from '../logging/logger.js';
import type { Operator } from '../operators/operator.js';

/** Whose connection a request came over. Kept apart from the request, so that nothing a request says can set it. */
const operators = new WeakMap<Request, Operator>();
const ids = new WeakMap<Response, string>();

/** The id of a request, as in `X-Request-Id` and in the log. */
export function requestIdOf(response: Response): string | undefined {
  return ids.get(response);
}

/**
 * Who asks.
 * @throws Error for a request that did not come through the second lock: that is a defect
 */
export function operatorOf(request: Request): Operator {
  const operator = operators.get(request);
  if (!operator) throw new Error('a request without an operator');
  return operator;
}

/**
 * Gives every request an id and its operator, and logs it: method, path without its query, status, time. No header is logged.
 * @param operatorOfSocket what the second lock noted of a connection
 */
export function requestContext(
  operatorOfSocket: (socket: Request['socket']) => Operator | undefined,
  log: Logger,
): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const operator = operatorOfSocket(request.socket);
    if (!operator) {
      request.destroy();
      return;
    }
    operators.set(request, operator);
    const id = randomUUID();
    ids.set(response, id);
    response.setHeader('X-Request-Id', id);
    const began = performance.now();
    const { method, path } = request;
    response.once('close', () => {
      const ms = Math.round(performance.now() - began);
      const { name: actor, address } = operator;
      log.debug(
        { requestId: id, method, path: path.slice(0, 200), status: response.statusCode, ms, actor, address },
        'request',
      );
    });
    next();
  };
}
