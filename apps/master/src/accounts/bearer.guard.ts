import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Problem } from '../http/problem.js';
import { SessionReader, type CurrentSession } from './session-reader.js';

const current = new WeakMap<Request, CurrentSession>();

/** Lets only requests with a valid access token pass. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(private readonly sessions: SessionReader) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    current.set(request, await this.sessions.read(request.headers.authorization));
    return true;
  }
}

/** The session that {@link BearerGuard} found, as a parameter of a handler. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): CurrentSession => {
  const session = current.get(context.switchToHttp().getRequest<Request>());
  if (!session) throw new Problem('internal', 'The handler has no guard.');
  return session;
});
