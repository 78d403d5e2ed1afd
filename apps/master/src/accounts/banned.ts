import { accounts, type Account } from '@ranked/store';
import { Problem } from '../http/problem.js';

/** Later than this a date means nothing to a calendar: the ban is for ever. */
const LAST_DATE_MS = 8.64e15;

/**
 * @throws Problem `banned`, with the reason and the end, while the account is banned
 */
export function refuseBanned(account: Account, now: number): void {
  if (!accounts.isBanned(account, now)) return;
  const until = account.bannedUntil ?? LAST_DATE_MS;
  const temporary = until < Date.UTC(9000, 0, 1);
  throw new Problem(
    'banned',
    temporary ? `The account is banned until ${new Date(until).toISOString()}.` : 'The account is banned.',
    {
      extensions: { reason: account.banReason ?? '', bannedUntil: temporary ? until : null },
    },
  );
}
