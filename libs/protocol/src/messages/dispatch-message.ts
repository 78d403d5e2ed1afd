import type { Direction, Service } from '../service.js';
import { decodeMessage } from './message-codec.js';
import type { HandlerTable, MessagesOf } from './message-table.js';

/** A message that was decoded but not yet handled, bound to its handler. */
export type BoundHandler<Ctx> = (context: Ctx) => void | Promise<void>;

/**
 * Decodes a message and binds it to its handler, so that a whole BATCH can be validated before anything of it is
 * handled.
 *
 * @throws ProtocolError `schema`
 */
export function bindHandler<S extends Service, D extends Direction, Ctx>(
  service: S,
  direction: D,
  handlers: HandlerTable<S, D, Ctx>,
  type: number,
  plaintext: Uint8Array | string,
): BoundHandler<Ctx> {
  const message = decodeMessage(service, direction, type, plaintext);
  const key = type as keyof MessagesOf<S, D>;
  return (context) => handlers[key](message, context);
}
