/** A waiting player as the tick sees him. `mu` and `sigma` are exact to a millionth, and at least up to 1e12: to match by, not to rate by. */
export interface WaitingPlayer {
  readonly accountId: string;
  /** Number of his queue entry: a match takes just this one. */
  readonly entryNo: number;
  /** When he joined, ms. */
  readonly joinedAt: number;
  /** Last sign of life, ms. */
  readonly lastSeen: number;
  readonly mu: number;
  readonly sigma: number;
  /** The party that he waits with. */
  readonly partyId?: string | undefined;
  /** Region → ms, as he claims. */
  readonly latencies?: Readonly<Record<string, number>> | undefined;
  /** The roles that he takes. */
  readonly roles?: readonly string[] | undefined;
  /** Accounts of his opponents of the match before. */
  readonly lastOpponents?: readonly string[] | undefined;
  /** How many players he blocks, of whom `blockedPairs` names those who wait too. */
  readonly blocks: number;
  /** He had a match that was called off: his turn comes first. */
  readonly ahead?: boolean | undefined;
}

/** Waiting players as the database gives them: one JSON list per column. Such text crosses to a thread in a copy of bytes. */
export interface WaitingColumns {
  readonly accountIds: string;
  readonly entryNos: string;
  readonly joinedAt: string;
  readonly lastSeen: string;
  /** In millionths; null for who has no rating yet. */
  readonly mu: string;
  readonly sigma: string;
  /** What few players bring, of those who have it and in the same order; without the brackets of the list. */
  readonly extras: string;
}

type Extras = readonly [
  accountId: string,
  partyId: string | null,
  latencies: Readonly<Record<string, number>> | null,
  roles: readonly string[] | null,
  lastOpponents: readonly string[] | null,
  blocks: number,
  ahead: number,
];

/** Reads {@link WaitingColumns}. `unrated`: the rating of who has none. */
export function waitingPlayers(
  columns: WaitingColumns,
  unrated: { mu: number; sigma: number },
): WaitingPlayer[] {
  const accountIds = JSON.parse(columns.accountIds) as string[];
  const [entryNos = [], joinedAt = [], lastSeen = []] = [
    columns.entryNos,
    columns.joinedAt,
    columns.lastSeen,
  ].map((values) => JSON.parse(values) as number[]);
  const [mu = [], sigma = []] = [columns.mu, columns.sigma].map(
    (values) => JSON.parse(values) as (number | null)[],
  );
  const extras = JSON.parse(`[${columns.extras}]`) as Extras[];
  let next = 0;
  return accountIds.map((accountId, n): WaitingPlayer => {
    const own = extras[next]?.[0] === accountId ? extras[next++] : undefined;
    // One shape for all, since the matchmaker looks at thousands.
    return {
      accountId,
      entryNo: entryNos[n] ?? 0,
      joinedAt: joinedAt[n] ?? 0,
      lastSeen: lastSeen[n] ?? 0,
      mu: ofMillionths(mu[n], unrated.mu),
      sigma: ofMillionths(sigma[n], unrated.sigma),
      partyId: own?.[1] ?? undefined,
      latencies: own?.[2] ?? undefined,
      roles: own?.[3] ?? undefined,
      lastOpponents: own?.[4] ?? undefined,
      blocks: own?.[5] ?? 0,
      ahead: own?.[6] === 1 ? true : undefined,
    };
  });
}

function ofMillionths(number: number | null | undefined, missing: number): number {
  return number === null || number === undefined ? missing : number / 1e6;
}
