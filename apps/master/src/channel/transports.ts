import type { Service } from '@ranked/protocol';

/**
 * The two doors of the one channel, as Nest transport ids. A handler names the door it belongs to:
 * `@MessagePattern(MsgType.Heartbeat, S2S)`.
 */

/** Game servers, authenticated by certificate. */
export const S2S: unique symbol = Symbol('ranked.S2S');

/** Players, authenticated by ticket. */
export const RDV: unique symbol = Symbol('ranked.RDV');

/** The protocol's service label of a door → its Nest transport id. */
export const TRANSPORT_OF: Readonly<Record<Service, symbol>> = { S2S, RDV };
