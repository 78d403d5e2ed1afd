import { Inject, Injectable } from '@nestjs/common';
import { accounts, penalties, queue, settings, type Store, type Tx } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';
import { QueueModels } from '../config/queue-models.js';
import { Arrivals } from '../matchmaking/arrivals.js';
import { MatchCalloff } from '../matchmaking/match-calloff.js';
import { STORE } from '../store/store.module.js';

type JoinStatus = Awaited<ReturnType<typeof queue.join>>['status'];

/** Into the queue, and out of it. */
@Injectable()
export class QueueEntrance {
  readonly counters = { joined: 0, repeated: 0, routedBack: 0, left: 0, refused: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly queues: QueueModels,
    private readonly arrivals: Arrivals,
    private readonly calloff: MatchCalloff,
  ) {}

  /**
   * Puts a player into a queue. One who is in a live match is routed back to it instead, whatever queue he asked for,
   * even during maintenance. Asking for the same queue again keeps his place.
   * @throws Refusal `unknown_queue`, `already_queued` (in another queue), `banned`, `maintenance`, `cooldown`
   */
  async join(accountId: string, queueName: string): Promise<void> {
    const known = this.queues.of(queueName) !== undefined;
    const status = await this.store.writeGrouped('join queue', (tx) => join(tx, accountId, queueName, known));
    if (status instanceof Refusal) {
      this.counters.refused += 1;
      throw status;
    }
    if (status === 'in_match') {
      this.counters.routedBack += 1;
      this.arrivals.routeBack(accountId);
    } else if (status === 'joined') this.counters.joined += 1;
    else if (status === 'already_queued') this.counters.repeated += 1;
    else {
      this.counters.refused += 1;
      throw REFUSALS[status]();
    }
  }

  /**
   * Takes a player out of the queue, or calls off his match if it has not started. Nothing to leave is no error.
   * @throws Refusal `bad_state` if his match is running
   */
  async leave(accountId: string): Promise<void> {
    const outcome = await this.calloff.byLeaver(accountId);
    if (outcome === 'match_running') {
      this.counters.refused += 1;
      throw new Refusal('bad_state', 'the match is running');
    }
    if (outcome !== 'not_queued') this.counters.left += 1;
  }
}

type RefusedJoin = Exclude<JoinStatus, 'joined' | 'already_queued' | 'in_match'> | 'unknown_queue' | 'banned';

const REFUSALS: Readonly<Record<RefusedJoin, () => Refusal>> = {
  unknown_queue: () => new Refusal('unknown_queue', 'there is no such queue'),
  other_queue: () => new Refusal('already_queued', 'you wait in another queue: leave it first'),
  banned: () => new Refusal('banned', 'the account is banned'),
};

/** Looks for a live match first; a refusal writes nothing. */
async function join(
  tx: Tx,
  accountId: string,
  queueName: string,
  known: boolean,
): Promise<JoinStatus | RefusedJoin | Refusal> {
  const entry = await queue.entryOf(tx, accountId);
  if (entry?.matchId) return 'in_match';
  if (!known) return 'unknown_queue';
  const account = await accounts.byId(tx, accountId);
  if (!account || accounts.isBanned(account, tx.now())) return 'banned';
  const { on, message } = await settings.maintenanceNotice(tx);
  if (on) return new Refusal('maintenance', message ?? 'the service is closed for maintenance');
  const until = await penalties.cooldownOf(tx, accountId);
  if (until !== null) return cooldownRefusal(until - tx.now());
  return (await queue.join(tx, { accountId, queue: queueName })).status;
}

function cooldownRefusal(leftMs: number): Refusal {
  const seconds = Math.ceil(leftMs / 1_000);
  return new Refusal('cooldown', `you left or missed a match: join again in ${seconds} s`, leftMs);
}
