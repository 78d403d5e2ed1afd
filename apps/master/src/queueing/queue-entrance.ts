import { Inject, Injectable } from '@nestjs/common';
import type { JoinQueue } from '@ranked/protocol';
import { queue, settings, type Store, type Tx } from '@ranked/store';
import { Refusal } from '../channel/refusal.js';
import type { QueueConfig } from '../config/queue-config.js';
import { QueueModels } from '../config/queue-models.js';
import { Arrivals } from '../matchmaking/arrivals.js';
import { MatchCalloff } from '../matchmaking/match-calloff.js';
import { QueueStatusCourier } from '../matchmaking/queue-status-courier.js';
import { PartyCourier } from '../parties/party-courier.js';
import { STORE } from '../store/store.module.js';
import { wishesOf, type Wishes } from './wishes.js';

type JoinStatus = Awaited<ReturnType<typeof queue.join | typeof queue.joinParty>>['status'];

/** Into the queue, and out of it. */
@Injectable()
export class QueueEntrance {
  readonly counters = { joined: 0, repeated: 0, routedBack: 0, left: 0, refused: 0 };

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly queues: QueueModels,
    private readonly arrivals: Arrivals,
    private readonly calloff: MatchCalloff,
    private readonly partyNews: PartyCourier,
    private readonly statuses: QueueStatusCourier,
  ) {}

  /**
   * Puts a player into a queue, with the party that he leads. One who is in a live match is routed back to it instead, whatever
   * queue he asked for, even during maintenance. Asking for the same queue again keeps his place.
   * @throws Refusal `unknown_queue`, `unknown_role`, `already_queued` (in another queue), `banned`, `maintenance`, `cooldown`; for a
   *   party also `not_leader`, `party_too_large`, `member_absent`, `in_match` (a member)
   */
  async join(accountId: string, { queue: queueName, ...wishes }: JoinQueue): Promise<void> {
    const rules = this.queues.of(queueName)?.config;
    const outcome = await this.store.writeGrouped('join queue', (tx) => join(tx, accountId, rules, wishes));
    if (outcome instanceof Refusal) {
      this.counters.refused += 1;
      throw outcome;
    }
    const { status } = outcome;
    if (status === 'in_match') {
      this.counters.routedBack += 1;
      this.arrivals.routeBack(accountId);
    } else if (status === 'joined') {
      this.counters.joined += 1;
      this.statuses.soon(accountId);
      if (outcome.partyId !== null) this.partyNews.tell([outcome.partyId]);
    } else if (status === 'already_queued') this.counters.repeated += 1;
    else {
      this.counters.refused += 1;
      const { code = status, reason } = REFUSALS[status];
      throw new Refusal(code, reason(outcome.name));
    }
  }

  /**
   * Takes a player, and his party, out of the queue, or calls off his match if it has not started. Nothing to leave is no error.
   * @throws Refusal `bad_state` if his match is running
   */
  async leave(accountId: string): Promise<void> {
    const outcome = await this.calloff.byLeaver(accountId);
    if (outcome === 'match_running') {
      this.counters.refused += 1;
      throw new Refusal('bad_state', 'the match is running');
    }
    this.statuses.left(accountId);
    if (outcome !== 'not_queued') this.counters.left += 1;
    if (outcome === 'left') this.partyNews.tellPlayers([accountId]);
  }
}

type RefusedJoin =
  | Exclude<JoinStatus, 'joined' | 'already_queued' | 'in_match' | 'member_cooldown'>
  | 'unknown_queue'
  | 'unknown_role'
  | 'banned';

interface JoinResult {
  readonly status: Exclude<JoinStatus, 'member_cooldown'> | RefusedJoin;
  /** The party that joined. */
  readonly partyId: string | null;
  /** The member of the party who is the reason. */
  readonly name: string;
}

/** `code`: what players get, if it is not the name. */
const REFUSALS: Readonly<Record<RefusedJoin, { code?: string; reason: (name: string) => string }>> = {
  unknown_queue: { reason: () => 'there is no such queue' },
  unknown_role: { reason: () => 'the queue has no such role' },
  other_queue: { code: 'already_queued', reason: () => 'you wait in another queue: leave it first' },
  queued_alone: { code: 'already_queued', reason: (name) => `${name} waits in a queue without the party` },
  banned: { reason: () => 'the account is banned' },
  not_leader: { reason: () => 'only the leader of your party can join a queue, and joins for all' },
  too_large: { code: 'party_too_large', reason: () => 'the party is larger than a team of that queue' },
  absent: { code: 'member_absent', reason: (name) => `${name} is not connected` },
  member_in_match: { code: 'in_match', reason: (name) => `${name} still plays a match` },
};

/** Looks for a live match first; a refusal writes nothing. */
async function join(
  tx: Tx,
  accountId: string,
  rules: QueueConfig | undefined,
  wishes: Wishes,
): Promise<JoinResult | Refusal> {
  const refused = (status: JoinResult['status']): JoinResult => ({ status, partyId: null, name: '' });
  const standing = await queue.standingOf(tx, accountId);
  if (standing?.matchId) return refused('in_match');
  if (rules === undefined) return refused('unknown_queue');
  if (wishes.roles?.some((role) => !Object.hasOwn(rules.roles ?? {}, role))) return refused('unknown_role');
  if (standing === null || standing.isBanned) return refused('banned');
  const { on, message } = await settings.maintenanceNotice(tx);
  if (on) return new Refusal('maintenance', message ?? 'the service is closed for maintenance');
  const { partyId, cooldownUntil } = standing;
  if (cooldownUntil !== null) return cooldownRefusal('you', cooldownUntil - tx.now());
  const wish = {
    accountId,
    queue: rules.name,
    avoidRepeats: rules.repeats !== 'allow',
    ...wishesOf(wishes),
  };
  if (partyId === null) return { status: (await queue.join(tx, wish)).status, partyId, name: '' };
  const outcome = await queue.joinParty(tx, { ...wish, partyId, size: rules.size });
  if (outcome.status === 'member_cooldown') return cooldownRefusal(outcome.name, outcome.until - tx.now());
  return { status: outcome.status, partyId, name: 'name' in outcome ? outcome.name : '' };
}

function cooldownRefusal(who: string, leftMs: number): Refusal {
  const seconds = Math.ceil(leftMs / 1_000);
  return new Refusal('cooldown', `${who} left or missed a match: join again in ${seconds} s`, leftMs);
}
