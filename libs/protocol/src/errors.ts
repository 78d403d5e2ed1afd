/**
 * Why something of the protocol failed.
 *
 * Frames, in the order in which they are checked: `length` (or a message type that this state cannot take), `hmac`,
 * `replay` (a counter of the window that was seen), `stale` (older than the window), `missing` (not the next one),
 * `nonce` (not of this direction's `iv`), `drift`, `decrypt`, `schema`.
 *
 * Handshake: `refused` (see `RefusedError`), `signature` (the pinned key did not sign the challenge), `key-exchange`
 * (an all-zero X25519 result), `credential` (an unknown one, or not of this service), `hello-replay`.
 *
 * Use of the API: `state` (a call out of order), `closed` (the direction ended), `too-large` (a message does not fit
 * a frame), `rekey-overdue` (2^23 frames under one key), `argument`.
 *
 * Transport and clients: `timeout`, `connection` (end of stream without CLOSE, or a socket error), `superseded`.
 */
export type ProtocolErrorCode =
  | 'length'
  | 'hmac'
  | 'nonce'
  | 'replay'
  | 'stale'
  | 'missing'
  | 'drift'
  | 'decrypt'
  | 'schema'
  | 'refused'
  | 'signature'
  | 'key-exchange'
  | 'credential'
  | 'hello-replay'
  | 'state'
  | 'closed'
  | 'too-large'
  | 'rekey-overdue'
  | 'argument'
  | 'timeout'
  | 'connection'
  | 'superseded';

/**
 * The one error class of this library. `code` is stable and meant for programs; an Ack's own error code comes
 * through unchanged, so the type is open. The message never holds a secret or what a peer sent.
 */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
  /** A {@link ProtocolErrorCode}, or the code of the peer's Ack. */
  readonly code: ProtocolErrorCode | (string & Record<never, never>);
  /** Of a refusal that ends by itself (`cooldown`): milliseconds from its arrival. */
  readonly retryAfterMs: number | undefined;

  /** @param message a sentence for people */
  constructor(
    code: ProtocolErrorCode | (string & Record<never, never>),
    message: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs;
  }
}
