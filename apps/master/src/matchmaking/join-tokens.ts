import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Store } from '@ranked/store';
import { STORE } from '../store/store.module.js';

/** What a join token is bound to. A token of another match, attempt, player or generation is another token. */
export interface JoinTokenOf {
  matchId: string;
  /** The how-manieth game server the match was given to: a server that lost the match knows nothing of use. */
  attempt: number;
  /** Per-match player id. */
  playerId: string;
  /** Rises each time the player is routed back, which makes the older token worthless. */
  generation: number;
}

/**
 * Join tokens: HMAC-SHA256 under a key that HKDF derives from the database key (`Sealer.derive`). None is
 * stored, so a copy of the database holds none, and a master that was killed gives the same ones again.
 */
@Injectable()
export class JoinTokens {
  constructor(@Inject(STORE) private readonly store: Pick<Store, 'sealer'>) {}

  /** The 32 bytes as the player gets them: base64url, 43 characters. */
  token(of: JoinTokenOf): string {
    return this.bytes(of).toString('base64url');
  }

  /** What the game server gets: SHA-256 of the 32 bytes, lower hex. */
  digest(of: JoinTokenOf): string {
    return createHash('sha256').update(this.bytes(of)).digest('hex');
  }

  /** Whether `token` is the one of `of`; takes the same time whatever the token holds. */
  matches(token: string, of: JoinTokenOf): boolean {
    const given = Buffer.from(token, 'base64url');
    const right = this.bytes(of);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  private bytes({ matchId, attempt, playerId, generation }: JoinTokenOf): Buffer {
    return this.store.sealer.derive('join token', `${matchId}:${attempt}:${playerId}:${generation}`);
  }
}
