import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from '../logging/logger.js';
import { requestIdOf } from './request-context.js';
import { toProblem } from './to-problem.js';

/** Answers a request with the problem that an error stands for; what nobody foresaw is logged with its stack. */
export function sendProblem(error: unknown, request: Request, response: Response, log: Logger): void {
  const problem = toProblem(error);
  const requestId = requestIdOf(response);
  if (problem.code === 'internal') log.error({ err: error, requestId }, 'a request failed');
  if (response.headersSent) {
    request.destroy();
    return;
  }
  response.status(problem.status);
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  // Not `json()`, which appends a charset that RFC 9457's media type does not have.
  const body = Buffer.from(JSON.stringify(problem.toBody(requestId)));
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Every error of a controller, guard or pipe becomes a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<Request>(), http.getResponse<Response>(), this.log);
  }
}
