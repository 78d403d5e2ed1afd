import { Injectable } from '@nestjs/common';
import { usernameKey } from '@ranked/store';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { Problem } from '../http/problem.js';
import { addressKey } from '../limits/address-key.js';
import { TokenBuckets } from '../limits/token-buckets.js';

const MAX_KEYS = 50_000;

/**
 * How often passwords may be tried: per address, and per account and address. Not per account alone: then anybody could
 * lock out anybody.
 */
@Injectable()
export class LoginThrottle {
  private readonly perAddress: TokenBuckets;
  private readonly perAccount: TokenBuckets;

  constructor(config: MasterConfig, clock: Clock) {
    this.perAddress = new TokenBuckets(clock, {
      perSecond: config.loginsPerMinute / 60,
      burst: config.loginBurst,
      maxKeys: MAX_KEYS,
    });
    this.perAccount = new TokenBuckets(clock, {
      perSecond: config.accountLoginsPerMinute / 60,
      burst: config.accountLoginBurst,
      maxKeys: MAX_KEYS,
    });
  }

  /** @throws Problem `rate-limited` */
  registration(address: string | undefined): void {
    this.take(this.perAddress, addressKey(address), 'Too many registrations and logins from this address.');
  }

  /** @throws Problem `rate-limited` */
  login(address: string | undefined, username: string): void {
    this.take(
      this.perAccount,
      `${addressKey(address)} ${usernameKey(username)}`,
      'Too many logins to this account.',
    );
    this.take(this.perAddress, addressKey(address), 'Too many registrations and logins from this address.');
  }

  private take(buckets: TokenBuckets, key: string, detail: string): void {
    const waitMs = buckets.take(key);
    if (waitMs > 0) throw Problem.rateLimited(detail, waitMs);
  }
}
