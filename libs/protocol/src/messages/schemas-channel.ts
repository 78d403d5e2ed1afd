import Type from 'typebox';
import type { Static } from 'typebox';
import { between, integer, text, time } from './fields.js';

const LARGEST_SET_TIMEOUT = 2 ** 31 - 1;

/** READY: the master's last word of the handshake. */
export const Ready = Type.Object(
  {
    sessionId: text(1, 128, 'Name of this session in the logs of the master; no secret.'),
    serverTime: time("The master's clock"),
    heartbeatMs: between(1, LARGEST_SET_TIMEOUT, 'Milliseconds between two heartbeats of the client.'),
    maxPayload: integer(16, 2 ** 32 - 1, 'Largest payload_len the master takes, in bytes.'),
  },
  { title: 'Ready' },
);
export type Ready = Static<typeof Ready>;

/** CLOSE: the last frame of its direction. */
export const Close = Type.Object(
  {
    code: text(1, 64, 'Stable code, for programs.'),
    reason: text(0, 1024, 'A sentence, for people.'),
  },
  { title: 'Close' },
);
export type Close = Static<typeof Close>;

/** The answer to an acknowledged message. */
export const Ack = Type.Object(
  {
    of: integer(0, Number.MAX_SAFE_INTEGER, 'Number of the acknowledged message within its direction.'),
    ok: Type.Boolean({ description: 'Whether the message was carried out.' }),
    error: Type.Optional(
      Type.Object({
        code: text(1, 64, 'Stable code, for programs.'),
        message: text(0, 1024, 'A sentence, for people.'),
        retryAfterMs: Type.Optional(
          integer(0, Number.MAX_SAFE_INTEGER, 'Milliseconds after which the same message may be taken.'),
        ),
      }),
    ),
  },
  { title: 'Ack' },
);
export type Ack = Static<typeof Ack>;
