/** What a master writes of itself and of the rows every ten seconds, for those who look at it from outside. */
export interface NodeSample {
  /** Connections open at this node. */
  readonly playersConnected: number;
  readonly serversConnected: number;
  /** Duration of the last tick, and of the longest since the sample before, ms. */
  readonly tickMs: number;
  readonly tickLongestMs: number;
  /** Since the process started. */
  readonly ticks: number;
  readonly ticksFailed: number;
  /** Refused since the sample before, by cause; the causes are the program's own words. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Interval of heartbeats, ms: three of them without one is silence. */
  readonly heartbeatMs: number;
  /** Rows of the whole installation at this moment. */
  readonly waiting: Readonly<Record<string, number>>;
  readonly playing: number;
  readonly servers: Readonly<Record<'online' | 'offline' | 'draining', number>>;
  readonly matches: Readonly<Record<string, number>>;
  /** Mean wait of the players who were matched in the ten minutes before; null without any. */
  readonly meanWaitMs: number | null;
}
