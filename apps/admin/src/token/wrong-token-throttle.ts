/** Wrong tokens that cost nothing: of a certificate a slip of the clipboard, of an address those of all who share it. */
const FREE = { certificate: 2, address: 20 } as const;
const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** Without a wrong token for so long, a peer begins anew. */
const FORGOTTEN_MS = 30 * 60_000;
/** Peers remembered; beyond it the one that was wrong longest ago is forgotten. */
const MAX_PEERS = 10_000;
/** Certificates remembered that gave the right token; beyond it all are forgotten. */
const MAX_RIGHT = 1_000;

/** Who gave a token. */
export interface TokenPeer {
  /** Serial of the client certificate. */
  certificate: string;
  address: string;
}

interface WrongTokens {
  count: number;
  lastAt: number;
}

/**
 * Slows down who tries tokens: each wrong one beyond the first few doubles the time in which no further one is looked at, up
 * to five minutes. Counted by certificate and by address, so that neither many certificates nor many addresses help. A
 * right token within that time is not looked at either: the answer must not tell. A certificate that has given the right one is
 * not held up by what others of its address do: else whoever has a certificate and no token could keep operators out.
 */
export class WrongTokenThrottle {
  private readonly records = new Map<string, WrongTokens>();
  private readonly wereRight = new Set<string>();

  /** @param now a clock that only goes forward, ms */
  constructor(private readonly now: () => number) {}

  /** Milliseconds until a token of this peer is looked at; 0 is now. */
  waitOf(peer: TokenPeer): number {
    const now = this.now();
    const [own, shared] = keysOf(peer);
    const keys = this.wereRight.has(peer.certificate) ? [own] : [own, shared];
    const ends = keys.map(([key, free]) => this.pauseEnd(key, free));
    return Math.max(0, ...ends.map((end) => end - now));
  }

  /** It gave a wrong token. */
  wrong(peer: TokenPeer): void {
    const now = this.now();
    for (const [key] of keysOf(peer)) {
      const known = this.records.get(key);
      const count = known && now - known.lastAt < FORGOTTEN_MS ? known.count + 1 : 1;
      this.records.delete(key);
      this.records.set(key, { count, lastAt: now });
    }
    for (const oldest of this.records.keys()) {
      if (this.records.size <= MAX_PEERS) break;
      this.records.delete(oldest);
    }
  }

  /** It gave the right one: its certificate begins anew. The address keeps its record, since others may share it. */
  right({ certificate }: TokenPeer): void {
    this.records.delete(`certificate ${certificate}`);
    if (this.wereRight.size >= MAX_RIGHT) this.wereRight.clear();
    this.wereRight.add(certificate);
  }

  /** Certificates and addresses remembered at present. */
  get size(): number {
    return this.records.size;
  }

  private pauseEnd(key: string, free: number): number {
    const record = this.records.get(key);
    if (!record || record.count <= free) return 0;
    return record.lastAt + Math.min(LONGEST_MS, FIRST_MS * 2 ** (record.count - free - 1));
  }
}

type Key = readonly [key: string, free: number];

function keysOf({ certificate, address }: TokenPeer): readonly [own: Key, shared: Key] {
  return [
    [`certificate ${certificate}`, FREE.certificate],
    [`address ${address}`, FREE.address],
  ];
}
