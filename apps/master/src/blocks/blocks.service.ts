import { Inject, Injectable } from '@nestjs/common';
import { accounts, playerBlocks, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import { TokenBuckets } from '../limits/token-buckets.js';
import { STORE } from '../store/store.module.js';
import type { BlocksDto } from './block.dto.js';

/** Players whom one can block. */
const MAX_BLOCKS = 200;
/** Changes of one player: some at once, then one every two seconds. */
const CHANGES = { perSecond: 0.5, burst: 30, maxKeys: 50_000 };

/** Whom players do not want to meet. Nobody but they learns of it. */
@Injectable()
export class BlocksService {
  private readonly changes: TokenBuckets;

  constructor(
    @Inject(STORE) private readonly store: Store,
    clock: Clock,
  ) {
    this.changes = new TokenBuckets(clock, CHANGES);
  }

  async list(ownerId: string): Promise<BlocksDto> {
    const blocked = await this.store.read((tx) => playerBlocks.list(tx, ownerId));
    return {
      items: blocked.map(({ accountId, name, createdAt }) => ({
        id: accountId,
        displayName: name,
        createdAt,
      })),
    };
  }

  /** @throws Problem `not-found`, `conflict` (oneself, or too many), `rate-limited` */
  async add(ownerId: string, blockedId: string): Promise<void> {
    this.spend(ownerId);
    if (blockedId === ownerId) throw new Problem('conflict', 'You cannot block yourself.');
    const outcome = await this.store.writeGrouped('block', async (tx) =>
      (await accounts.byId(tx, blockedId)) === null
        ? 'unknown'
        : playerBlocks.add(tx, { ownerId, blockedId, limit: MAX_BLOCKS }),
    );
    if (outcome === 'unknown') throw new Problem('not-found', 'There is no such player.');
    if (outcome === 'too_many')
      throw new Problem('conflict', `You block ${MAX_BLOCKS} players, and more are not possible.`);
  }

  /** Takes a block back; none is no error. @throws Problem `rate-limited` */
  async remove(ownerId: string, blockedId: string): Promise<void> {
    this.spend(ownerId);
    await this.store.writeGrouped('unblock', (tx) => playerBlocks.remove(tx, { ownerId, blockedId }));
  }

  private spend(ownerId: string): void {
    const waitMs = this.changes.take(ownerId);
    if (waitMs > 0) throw Problem.rateLimited('Too many changes. Try again shortly.', waitMs);
  }
}
