/**
 * Why a connection ended.
 *
 * `closed-by-peer`: a CLOSE came, all is well. `closed:<code>`: this end sent CLOSE with that code (`superseded`, `shutdown`,
 * `revoked`, …). Everything else is abnormal: `ended` (end of stream without CLOSE), `socket-error`, `silent` (nothing
 * for three heartbeats), `frame-timeout`, `slow-reader` (does not read what it is sent), `flood` (too many messages),
 * `frame:<code>` (a bad frame, with the code of its ProtocolError), `stopped` (the master ended without waiting), and
 * whatever else a caller of `destroy` named.
 */
export type CloseCause =
  | 'closed-by-peer'
  | 'ended'
  | 'socket-error'
  | 'silent'
  | 'frame-timeout'
  | 'slow-reader'
  | 'flood'
  | 'stopped'
  | `closed:${string}`
  | `frame:${string}`
  | `destroyed:${string}`;
