import type { MessageHandler } from '@nestjs/microservices';
import { MESSAGE_TABLE, MsgType, msgTypeName, type Service } from '@ranked/protocol';

/** Handlers by message type. */
export type HandlerTable = readonly (MessageHandler | undefined)[];

/**
 * Puts the handlers that Nest has found into an array by message type, so that finding one costs an index.
 * @param handlers Nest's map: pattern as text → handler
 * @param duplicates patterns for which Nest found more than one handler
 * @throws Error that names every message without exactly one handler, and every handler without a message
 */
export function handlerTable(
  service: Service,
  handlers: ReadonlyMap<string, MessageHandler>,
  duplicates: ReadonlySet<string>,
): HandlerTable {
  const table: (MessageHandler | undefined)[] = new Array<MessageHandler | undefined>(256).fill(undefined);
  const wanted = new Set(
    Object.keys(MESSAGE_TABLE[service].c2s).filter((type) => Number(type) !== MsgType.Ack),
  );
  const faults: string[] = [];
  for (const type of wanted) {
    const handler = handlers.get(type);
    if (handler === undefined) faults.push(`${msgTypeName(Number(type))} has no handler`);
    else if (duplicates.has(type) || handler.next)
      faults.push(`${msgTypeName(Number(type))} has more than one handler`);
    else table[Number(type)] = handler;
  }
  for (const pattern of handlers.keys()) {
    if (!wanted.has(pattern)) faults.push(`a handler waits for "${pattern}", which no peer may send`);
  }
  if (faults.length > 0)
    throw new Error(`the handlers of ${service} do not match the protocol: ${faults.join('; ')}`);
  return table;
}
