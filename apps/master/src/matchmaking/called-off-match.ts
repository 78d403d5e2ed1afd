/** A match that was called off and committed: what its server and its players have to be told. */
export interface CalledOffMatch {
  matchId: string;
  /** The server it was assigned to; absent: it was called off before any server knew it. */
  serverId?: string;
  /** A sentence for people; players and the server see it. */
  reason: string;
  players: { accountId: string; requeued: boolean }[];
}
