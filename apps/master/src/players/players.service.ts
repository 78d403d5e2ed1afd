import { Inject, Injectable } from '@nestjs/common';
import { isProvisional } from '@ranked/rating';
import { accounts, matches, ratings, StoreError, type Account, type ReadTx, type Store } from '@ranked/store';
import { toPlayer } from '../accounts/account.dto.js';
import { QueueModels } from '../config/queue-models.js';
import { Problem } from '../http/problem.js';
import { validationProblem } from '../http/validation.js';
import { ratingIn } from '../rating/stored-rating.js';
import { STORE } from '../store/store.module.js';
import { toHistoryItem } from './history-item.js';
import type { HistoryDto, PlayerRatingDto, ProfileDto } from './player.dto.js';

/** Profiles and match histories. */
@Injectable()
export class PlayersService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly queues: QueueModels,
  ) {}

  /** @throws Problem `not-found` */
  profile(id: string): Promise<ProfileDto> {
    return this.store.read(async (tx) => {
      const account = await requireAccount(tx, id);
      return { ...toPlayer(account), ratings: await this.ratingsOf(tx, id) };
    });
  }

  /** @throws Problem `not-found` */
  async history(id: string, limit: number, before: string | undefined): Promise<HistoryDto> {
    return this.store.read(async (tx) => {
      await requireAccount(tx, id);
      const page = await matches
        .history(tx, id, before === undefined ? { limit } : { limit, before })
        .catch(refuseCursor);
      return {
        items: page.items.map(({ match, player }) =>
          toHistoryItem(match, player, this.queues.of(match.queue)?.model),
        ),
        next: page.next,
      };
    });
  }

  /** One entry for every configured queue, also those not yet played. */
  private async ratingsOf(tx: ReadTx, id: string): Promise<PlayerRatingDto[]> {
    const rows = new Map((await ratings.ofAccount(tx, id)).map((row) => [row.queue, row]));
    const entries: PlayerRatingDto[] = [];
    for (const { config, model } of this.queues.all()) {
      const row = rows.get(config.name);
      const standing = row ? await ratings.rankOf(tx, config.name, id) : null;
      entries.push({
        queue: config.name,
        rating: Math.round(row?.display ?? model.displayRating(model.initial())),
        games: row?.games ?? 0,
        wins: row?.wins ?? 0,
        rank: standing?.rank ?? null,
        lastMatchAt: row?.lastMatchAt ?? null,
        provisional:
          !row || isProvisional(model, ratingIn(row), this.queues.standing(config.name)?.provisionalShare),
        tier: row?.tier ?? null,
      });
    }
    return entries;
  }
}

/** The store knows the form of its cursors; one that it did not give out is the caller's mistake. */
function refuseCursor(error: unknown): never {
  if (error instanceof StoreError && error.code === 'invalid_value') {
    throw validationProblem([{ field: 'before', message: 'before must be the "next" of a page' }]);
  }
  throw error;
}

/** @throws Problem `not-found` */
export async function requireAccount(tx: ReadTx, id: string): Promise<Account> {
  const account = await accounts.byId(tx, id);
  if (!account) throw new Problem('not-found', 'There is no player of that id.');
  return account;
}
