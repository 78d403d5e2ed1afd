import { isAscii } from 'node:buffer';

import { ProtocolError } from './errors.js';
import { MAX_PLAINTEXT, TAG_LENGTH } from './frame-format.js';
import { MsgType } from './msg-type.js';

/** A message before it is sealed. */
export interface OutgoingMessage {
  /** A `MsgType` of its own kind: not BATCH or REKEY, which the session makes, nor one of the handshake. */
  readonly type: number;
  /** The UTF-8 JSON of the message. */
  readonly plaintext: Uint8Array;
}

/** `msg_type` u8 ‖ `length` u32 before each message of a batch. */
export const BATCH_ITEM_HEADER = 5;

/** The types that no BATCH may hold. */
const OUTSIDE = new Set<number>([MsgType.Batch, MsgType.Rekey, MsgType.Close]);

/** Bytes that the messages take as the plaintext of one BATCH. */
function itemLength(message: OutgoingMessage): number {
  return BATCH_ITEM_HEADER + message.plaintext.length;
}

/**
 * Shares messages out to frames: in order, as many to each frame as fit. A group of one travels alone.
 * @param maxPayload the largest `payload_len` the other end takes
 */
export function planFrames(messages: readonly OutgoingMessage[], maxPayload: number): OutgoingMessage[][] {
  const limit = Math.min(maxPayload - TAG_LENGTH, MAX_PLAINTEXT);
  const groups: OutgoingMessage[][] = [];
  let group: OutgoingMessage[] = [];
  let size = 0;
  for (const message of messages) {
    const length = itemLength(message);
    if (group.length > 0 && size + length > limit) {
      groups.push(group);
      group = [];
      size = 0;
    }
    group.push(message);
    size += length;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** The plaintext of a BATCH of two or more messages. */
export function encodeBatch(messages: readonly OutgoingMessage[]): Buffer {
  let size = 0;
  for (const message of messages) size += itemLength(message);
  const plaintext = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const { type, plaintext: body } of messages) {
    plaintext[offset] = type;
    plaintext.writeUInt32LE(body.length, offset + 1);
    plaintext.set(body, offset + BATCH_ITEM_HEADER);
    offset += BATCH_ITEM_HEADER + body.length;
  }
  return plaintext;
}

/** A message of a BATCH, not yet decoded. */
export interface BatchItem {
  readonly type: number;
  /** Its text if the whole batch is ASCII, which one look tells; else its bytes, a view of the batch. */
  readonly plaintext: Buffer | string;
}

/**
 * The messages in a BATCH. Throws `schema` unless there are two or more, none of them is a BATCH, REKEY or CLOSE,
 * and their lengths end exactly where the plaintext does.
 * @param plaintext the caller's own: the headers in it are blanked
 */
export function decodeBatch(plaintext: Buffer): BatchItem[] {
  const items: { type: number; start: number; end: number }[] = [];
  let offset = 0;
  while (offset < plaintext.length) {
    if (plaintext.length - offset < BATCH_ITEM_HEADER)
      throw new ProtocolError('schema', 'a batch ends inside a header');
    const type = plaintext[offset] as number;
    const start = offset + BATCH_ITEM_HEADER;
    const end = start + plaintext.readUInt32LE(offset + 1);
    if (end > plaintext.length) throw new ProtocolError('schema', 'a batch ends inside a message');
    if (OUTSIDE.has(type)) throw new ProtocolError('schema', 'a batch holds BATCH, REKEY or CLOSE');
    items.push({ type, start, end });
    // Lengths are no text: without them the batch is ASCII if all of its messages are.
    for (let i = offset; i < start; i++) plaintext[i] = 0;
    offset = end;
  }
  if (items.length < 2) throw new ProtocolError('schema', 'a batch holds fewer than two messages');
  if (!isAscii(plaintext))
    return items.map(({ type, start, end }) => ({ type, plaintext: plaintext.subarray(start, end) }));
  const text = plaintext.toString('latin1');
  // V8 makes a slice of a string at a quarter of what a view of a buffer costs.
  return items.map(({ type, start, end }) => ({ type, plaintext: text.slice(start, end) }));
}
