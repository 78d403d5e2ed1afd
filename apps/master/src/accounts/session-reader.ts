import { Inject, Injectable } from '@nestjs/common';
import { sessions, type Account, type Session, type Store } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import { STORE } from '../store/store.module.js';
import { accessDigest, bearerToken } from './access-token.js';
import { refuseBanned } from './banned.js';

/** Who calls, and in which session. */
export interface CurrentSession {
  session: Session;
  account: Account;
}

/** Finds out who sent a request. */
@Injectable()
export class SessionReader {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * The session that an `Authorization` header field stands for.
   * @throws Problem `unauthenticated` without a valid token, `banned` if the account is
   */
  async read(authorization: string | undefined): Promise<CurrentSession> {
    if (authorization === undefined)
      throw Problem.unauthenticated('Send the access token of a login as "Authorization: Bearer".');
    const token = bearerToken(authorization);
    const found =
      token === undefined
        ? null
        : await this.store.read((tx) => sessions.byAccessDigest(tx, accessDigest(token)));
    const now = this.clock.now();
    if (!found || found.session.revokedAt !== null || found.session.expiresAt <= now) {
      throw Problem.unauthenticated('The access token is not valid any more. Log in again.', 'invalid_token');
    }
    refuseBanned(found.account, now);
    return { session: found.session, account: found.account };
  }
}
