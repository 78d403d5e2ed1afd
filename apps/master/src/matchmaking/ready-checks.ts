import { Inject, Injectable } from '@nestjs/common';
import { matches, type CheckAnswer, type Store } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';
import { Clock } from '../clock/clock.js';
import { MasterConfig } from '../config/master-config.js';
import { STORE } from '../store/store.module.js';
import { AllowCourier } from './allow-courier.js';
import type { CalledOffMatch } from './called-off-match.js';
import { reservingUntil } from './deadlines.js';
import { leaveMatch, MatchCalloff } from './match-calloff.js';

/** What players answer to ready checks. The last accept sends the match to its server, the first decline calls it off. */
@Injectable()
export class ReadyChecks {
  readonly counters = { accepted: 0, completed: 0, declined: 0, repeated: 0, refused: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly allows: AllowCourier,
    private readonly calloff: MatchCalloff,
    private readonly config: MasterConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes a player's answer. The same answer again changes nothing, whatever became of the match. A decline costs him his
   * place and a cooldown; the others wait on as long as they did.
   * @throws Refusal `unknown_match` for a match that he is not in, `over` if the check has ended without this answer
   */
  async answer(accountId: string, matchId: string, accept: boolean): Promise<void> {
    const { outcome, calledOff } = await this.store.writeGrouped(
      'ready check',
      async (tx): Promise<{ outcome: CheckAnswer; calledOff?: CalledOffMatch }> => {
        const answered = await matches.answerCheck(tx, {
          matchId,
          accountId,
          accept,
          reserveExpiresAt: reservingUntil(this.config, this.clock.now()),
        });
        if (answered !== 'declined') return { outcome: answered };
        return { ...(await leaveMatch(tx, accountId, this.config)), outcome: answered };
      },
    );
    if (outcome === 'unknown_match' || outcome === 'over') {
      this.counters.refused += 1;
      throw new Refusal(outcome, REFUSALS[outcome]);
    }
    if (outcome === 'complete') {
      this.counters.completed += 1;
      this.allows.tell([matchId]);
    } else this.counters[outcome] += 1;
    if (calledOff) this.calloff.announce(calledOff);
  }
}

const REFUSALS = {
  unknown_match: 'there is no such match of yours',
  over: 'the ready check of this match has ended',
} as const;
