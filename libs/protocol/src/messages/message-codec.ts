import type { TSchema } from 'typebox';
import { ProtocolError } from '../errors.js';
import { msgTypeName } from '../msg-type.js';
import type { Direction, Service } from '../service.js';
import { codecOf } from './codec.js';
import type { Codec } from './codec.js';
import { MESSAGE_TABLE } from './message-table.js';
import type { MessageTypeOf, MessagesOf } from './message-table.js';
import { Close, Ready } from './schemas-channel.js';

type CodecTable = ReadonlyMap<number, Codec<unknown>>;

const CODECS: Record<Service, Record<Direction, CodecTable>> = {
  S2S: { c2s: codecsOf('S2S', 'c2s'), s2c: codecsOf('S2S', 's2c') },
  RDV: { c2s: codecsOf('RDV', 'c2s'), s2c: codecsOf('RDV', 's2c') },
};

const READY = codecOf('Ready', Ready);
const CLOSE = codecOf('Close', Close);

function codecsOf(service: Service, direction: Direction): CodecTable {
  const schemas: Readonly<Record<string, TSchema>> = MESSAGE_TABLE[service][direction];
  return new Map(
    Object.entries(schemas).map(([type, schema]) => [
      Number(type),
      codecOf(`${service} ${msgTypeName(Number(type))}`, schema),
    ]),
  );
}

function codecFor(service: Service, direction: Direction, type: number): Codec<unknown> {
  const codec = CODECS[service][direction].get(type);
  if (codec !== undefined) return codec;
  throw new ProtocolError('schema', `${service} ${direction} has no message ${msgTypeName(type)}`);
}

/**
 * The value of a message's plaintext.
 *
 * The result is new and clean: own members that the schema names and nothing else, on objects that inherit
 * nothing. Of a name that occurs twice the last one counts; unknown members and `__proto__` are left out.
 *
 * @param plaintext the bytes as they came; or their text, from a session that has found it to be ASCII
 * @throws ProtocolError `schema` when the type does not exist in this service and direction, or the plaintext is not
 *   UTF-8 JSON of at most 16 levels that fits the schema
 */
export function decodeMessage<S extends Service, D extends Direction, T extends MessageTypeOf<S, D>>(
  service: S,
  direction: D,
  type: T,
  plaintext: Uint8Array | string,
): MessagesOf<S, D>[T];
export function decodeMessage<S extends Service, D extends Direction>(
  service: S,
  direction: D,
  type: number,
  plaintext: Uint8Array | string,
): MessagesOf<S, D>[MessageTypeOf<S, D>];
export function decodeMessage(
  service: Service,
  direction: Direction,
  type: number,
  plaintext: Uint8Array | string,
): unknown {
  return codecFor(service, direction, type).decode(plaintext);
}

/**
 * The plaintext of a message, validated; members that its schema does not name are left out.
 *
 * @throws ProtocolError `schema` when the value does not fit; `too-large` when it takes more than 64 KiB
 */
export function encodeMessage<S extends Service, D extends Direction, T extends MessageTypeOf<S, D>>(
  service: S,
  direction: D,
  type: T,
  message: MessagesOf<S, D>[T],
): Buffer {
  return codecFor(service, direction, type).encode(message);
}

/** The value of a READY's plaintext. @throws ProtocolError `schema` */
export function decodeReady(plaintext: Uint8Array): Ready {
  return READY.decode(plaintext);
}

/** The plaintext of a READY. @throws ProtocolError `schema` */
export function encodeReady(ready: Ready): Buffer {
  return READY.encode(ready);
}

/** The value of a CLOSE's plaintext. @throws ProtocolError `schema` */
export function decodeClose(plaintext: Uint8Array | string): Close {
  return CLOSE.decode(plaintext);
}

/** The plaintext of a CLOSE. @throws ProtocolError `schema` */
export function encodeClose(close: Close): Buffer {
  return CLOSE.encode(close);
}
