import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ticketAuthKey } from '@ranked/protocol';
import { accounts, penalties, sessions, type Account, type Store } from '@ranked/store';
import { Clock, RandomSource } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { Problem } from '../http/problem.js';
import { STORE } from '../store/store.module.js';
import { accessDigest, createAccessToken } from './access-token.js';
import { refuseBanned } from './banned.js';
import { PasswordPool, PasswordPoolBusyError } from './password-pool.js';

/** The secrets of a new session. Nothing of them is stored in the clear, so they are given out this once. */
export interface NewSession {
  account: Account;
  accessToken: string;
  ticketId: string;
  /** base64url of 32 bytes. */
  ticketSecret: string;
  expiresAt: number;
}

/** Registration, login and logout. */
@Injectable()
export class AccountsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly passwords: PasswordPool,
    private readonly clock: Clock,
    private readonly random: RandomSource,
    private readonly config: MasterConfig,
  ) {}

  /** @throws Problem `username-taken` */
  async register(username: string, password: string): Promise<Account> {
    const taken = () =>
      new Problem('username-taken', 'Another account has this name. Upper and lower case are the same name.');
    // Asked first, so that a taken name does not cost a hash; that two may ask at once, `create` settles.
    if (await this.store.read((tx) => accounts.byUsername(tx, username))) throw taken();
    const passwordHash = await this.passwords.hash(password);
    const account = await this.store.writeGrouped('accounts.register', (tx) =>
      accounts.create(tx, { id: randomUUID(), username, displayName: username, passwordHash }),
    );
    if (account === 'taken') throw taken();
    return account;
  }

  /**
   * Checks the password and opens a session. For a name that does not exist the same work is done, with the same answer.
   * @throws Problem `invalid-credentials`, `banned` (only to who knows the password)
   */
  async login(username: string, password: string): Promise<NewSession> {
    const account = await this.store.read((tx) => accounts.byUsername(tx, username));
    const matches = await this.passwords.verify(account?.passwordHash ?? null, password);
    if (!account || !matches)
      throw new Problem('invalid-credentials', 'There is no account with this name and password.');
    const now = this.clock.now();
    refuseBanned(account, now);
    const newHash = await this.replacementOf(account, password);

    const ticketId = this.random.bytes(16).toString('hex');
    const ticketSecret = this.random.bytes(32);
    const accessToken = createAccessToken(this.random);
    const expiresAt = now + this.config.ticketLifeMs;
    await this.store.writeGrouped('accounts.login', async (tx) => {
      if (newHash !== undefined) {
        await accounts.replacePasswordHash(tx, account.id, { from: account.passwordHash, to: newHash });
      }
      await sessions.create(tx, {
        id: ticketId,
        accountId: account.id,
        accessDigest: accessDigest(accessToken),
        ticketKey: ticketAuthKey(ticketSecret),
        expiresAt,
      });
    });
    return { account, accessToken, ticketId, ticketSecret: ticketSecret.toString('base64url'), expiresAt };
  }

  /** Ends a session: its access token and its ticket are worthless from now on. */
  async logout(sessionId: string): Promise<void> {
    await this.store.writeGrouped('accounts.logout', (tx) => sessions.revoke(tx, sessionId));
  }

  /** Until when an account may not join a queue, Unix ms; null if it may. */
  cooldownOf(accountId: string): Promise<number | null> {
    return this.store.read((tx) => penalties.cooldownOf(tx, accountId));
  }

  /** A hash with today's parameters for a password whose stored hash has older ones. A busy pool leaves it to the next login. */
  private async replacementOf(account: Account, password: string): Promise<string | undefined> {
    if (!this.passwords.isOutdated(account.passwordHash)) return undefined;
    try {
      return await this.passwords.hash(password);
    } catch (error) {
      if (error instanceof PasswordPoolBusyError) return undefined;
      throw error;
    }
  }
}
