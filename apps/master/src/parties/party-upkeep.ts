import { Inject, Injectable } from '@nestjs/common';
import { parties, type Silence, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { silenceMs } from '../matchmaking/deadlines.js';
import { STORE } from '../store/store.module.js';
import { PartyBoard } from './party-board.js';
import { PartyCourier } from './party-courier.js';
import { PARTY_ABSENCE_MS } from './party-limits.js';

/** A change is stamped before its commit: each look reaches back this far beyond the last one, ms. */
const OVERLAP_MS = 3_000;
/** Least time between two looks at what time has changed, ms. */
const TIDY_MS = 2_000;
/** Parties looked at in one round; the rest follow in the next. */
const PARTIES_PER_ROUND = 200;

/**
 * What has to be done for parties beside the wishes of their members: who is there is written, what has run out is noted, and
 * changes that another node made are pushed. Every node does it, apart from the tick, which knows entries of the queue only.
 */
@Injectable()
export class PartyUpkeep {
  readonly counters = { followed: 0, tidied: 0 };
  /** `id version` of changes that were pushed → when, Unix ms; kept as long as they can be seen again. */
  private readonly seen = new Map<string, number>();
  private startedAt: number | undefined;
  private lookedAt: number | undefined;
  private tidiedAt = 0;
  private touchedAt = 0;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly board: PartyBoard,
    private readonly courier: PartyCourier,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
  ) {}

  /** One round; to be repeated. */
  async follow(): Promise<void> {
    const now = this.clock.now();
    this.startedAt ??= now;
    const left = await this.writePresence(now);
    if (left || now - this.tidiedAt >= TIDY_MS) await this.tidy(now);
    await this.look(now);
    this.courier.kick();
  }

  /** True if somebody left. */
  private async writePresence(now: number): Promise<boolean> {
    const taken = this.board.take();
    const isDue = now - this.touchedAt >= this.config.heartbeatMs;
    const here = isDue ? this.board.all() : taken.came;
    if (here.length === 0 && taken.left.length === 0) return false;
    try {
      await this.store.writeGrouped('party presence', async (tx) => {
        if (here.length > 0) await parties.seen(tx, here);
        if (taken.left.length > 0) await parties.markAway(tx, taken.left, silenceMs(this.config));
      });
    } catch (error) {
      this.board.putBack(taken);
      throw error;
    }
    if (isDue) this.touchedAt = now;
    return taken.left.length > 0;
  }

  private async tidy(now: number): Promise<void> {
    const silence = this.silenceAt(now);
    const due = await this.store.read((tx) => parties.due(tx, silence, PARTIES_PER_ROUND));
    // At once, so that they share commits.
    const tidied = await Promise.all(
      due.map((id) => this.store.writeGrouped('party upkeep', (tx) => parties.tidy(tx, id, silence))),
    );
    this.counters.tidied += tidied.filter(Boolean).length;
    this.tidiedAt = now;
  }

  /** In the first moments of this process players have not had the time to come back: nobody is away then. */
  private silenceAt(now: number): Silence {
    const isSettled = now - (this.startedAt ?? now) >= this.config.queueGraceMs;
    return isSettled
      ? { awaySince: now - silenceMs(this.config), outSince: now - PARTY_ABSENCE_MS }
      : { awaySince: 0, outSince: 0 };
  }

  private async look(now: number): Promise<void> {
    const since = (this.lookedAt ?? now) - OVERLAP_MS;
    const changed = await this.store.read((tx) => parties.changedSince(tx, since));
    const fresh = changed.filter(({ id, version }) => !this.seen.has(`${id} ${version}`));
    this.counters.followed += fresh.length;
    this.courier.tell(fresh.map(({ id }) => id));
    for (const { id, version } of fresh) this.seen.set(`${id} ${version}`, now);
    this.lookedAt = now;
    for (const [key, at] of this.seen) if (at < since - OVERLAP_MS) this.seen.delete(key);
  }
}
