/** Limits and times of the channel. All are settings of the master or constants of the protocol; durations in ms. */
export interface ChannelSettings {
  /** Interval of heartbeats that READY asks for; a peer is silent for at most three of them. */
  readonly heartbeatMs: number;
  /** From the TCP connection to FINISH. */
  readonly handshakeTimeoutMs: number;
  /** From a frame's first byte to its last. */
  readonly frameTimeoutMs: number;
  /** How far a peer's clock may be off. */
  readonly driftMs: number;
  /** From CLOSE to the peer's answer. */
  readonly closeTimeoutMs: number;
  /** How long nothing of what was written may reach the peer. */
  readonly stallTimeoutMs: number;
  /** Authenticated connections, both doors together; what comes beyond is refused as full. */
  readonly maxConnections: number;
  /** Connections that are not yet authenticated, both doors together. */
  readonly maxUnauthenticated: number;
  readonly maxUnauthenticatedPerAddress: number;
  /** Token bucket per address. */
  readonly handshakesPerSecond: number;
  readonly handshakeBurst: number;
  /** Messages of one connection that wait for their handler before its socket is paused. */
  readonly mailboxMessages: number;
  /** Token bucket of each connection for messages; a peer beyond it is dropped. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** Bytes that wait to be written to one connection, the socket's own buffer included. */
  readonly writeQueueBytes: number;
}

/** Where a door listens. */
export interface DoorAddress {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}
