import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Hands whatever a handler threw to the channel as it is, which logs it with its connection, at a bounded rate. Nest's own
 * filter would log each one by itself and hide what it was.
 */
@Catch()
export class ChannelExceptionFilter implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}
