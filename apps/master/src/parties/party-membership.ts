import { Inject, Injectable } from '@nestjs/common';
import { accounts, parties, type PartyLimits, type PartyView, type ReadTx, type Store } from '@ranked/store';
import { ConnectionRegistry } from '../channel/connection-registry.js';
import { Refusal } from '../channel/refusal.js';
import { Clock, RandomSource } from '../clock/clock.js';
import { QueueModels } from '../config/queue-models.js';
import { TokenBuckets } from '../limits/token-buckets.js';
import { randomUuids } from '../matchmaking/match-ids.js';
import { STORE } from '../store/store.module.js';
import { PartyCourier } from './party-courier.js';
import { partyLimits } from './party-limits.js';
import { wishesOf, type Wishes } from '../queueing/wishes.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Changes of one player: the leader of a large party may invite, and remove, all at once. */
const CHANGES = { perSecond: 1, burst: 30, maxKeys: 50_000 };
/** Invitations of one player. */
const INVITES = { perSecond: 0.2, burst: 10, maxKeys: 50_000 };

/** What players do with parties, over whatever door. Each gets its own answer; the members are told after the commit. */
@Injectable()
export class PartyMembership {
  readonly counters = { invited: 0, accepted: 0, declined: 0, left: 0, kicked: 0, promoted: 0, refused: 0 };
  private readonly limits: PartyLimits;
  private readonly changes: TokenBuckets;
  private readonly invites: TokenBuckets;

  constructor(
    @Inject(STORE) private readonly store: Store,
    private readonly registry: ConnectionRegistry,
    private readonly courier: PartyCourier,
    private readonly random: RandomSource,
    queues: QueueModels,
    clock: Clock,
  ) {
    this.limits = partyLimits(queues.all());
    this.changes = new TokenBuckets(clock, CHANGES);
    this.invites = new TokenBuckets(clock, INVITES);
  }

  /** The party of a player; undefined if he is in none. */
  own(accountId: string): Promise<PartyView | undefined> {
    return this.store.read(async (tx) => {
      const id = await parties.idOf(tx, accountId);
      const [party] = id === null ? [] : await parties.byIds(tx, [id]);
      return party;
    });
  }

  /** The parties that invite a player, the oldest invitation first. */
  invitations(accountId: string): Promise<PartyView[]> {
    return this.store.read(async (tx) => {
      const ids = await parties.invitationsOf(tx, accountId);
      const found = new Map((await parties.byIds(tx, ids)).map((party) => [party.id, party]));
      return ids.flatMap((id) => found.get(id) ?? []);
    });
  }

  /**
   * Invites a player into the party that the caller leads, which is made if he is in none. The answer is the same whether that
   * player is there or not, and if he blocks the caller.
   * @param player user name or account id
   * @throws Refusal `unknown_player`, `not_leader`, `already_member`, `blocked`, `party_full`, `too_many_invites`, `rate_limited`
   */
  async invite(accountId: string, player: string): Promise<void> {
    this.spend(this.changes, accountId);
    this.spend(this.invites, accountId);
    const order = {
      partyId: randomUuids(this.random, 1).next(),
      inviterId: accountId,
      online: this.isHere(accountId),
      limits: this.limits,
    };
    const outcome = await this.store.writeGrouped('party invite', async (tx) => {
      const invited = await findAccount(tx, player);
      return invited === null
        ? ({ status: 'unknown_player' } as const)
        : parties.invite(tx, { ...order, accountId: invited });
    });
    if (outcome.status !== 'invited') throw this.refusal(outcome.status);
    this.done('invited', outcome.partyId);
  }

  /**
   * Takes up an invitation, or declines it: that is no error if there is none.
   * @throws Refusal `unknown_invite`, `in_party`, `already_queued`, `party_full`, `rate_limited`
   */
  async answer(accountId: string, answer: { partyId: string; accept: boolean } & Wishes): Promise<void> {
    this.spend(this.changes, accountId);
    const { partyId } = answer;
    if (!answer.accept) {
      await this.store.writeGrouped('party decline', (tx) => parties.decline(tx, { partyId, accountId }));
      this.done('declined', partyId);
      return;
    }
    const order = {
      partyId,
      accountId,
      size: this.limits.size,
      online: this.isHere(accountId),
      wishes: wishesOf(answer),
    };
    const { status } = await this.store.writeGrouped('party accept', (tx) => parties.accept(tx, order));
    if (status !== 'accepted') throw this.refusal(status);
    this.done('accepted', partyId);
  }

  /**
   * Leaves the party. None to leave is no error.
   * @throws Refusal `rate_limited`
   */
  async leave(accountId: string): Promise<void> {
    this.spend(this.changes, accountId);
    const partyId = await this.store.writeGrouped('party leave', (tx) => parties.leave(tx, accountId));
    if (partyId !== null) this.done('left', partyId);
  }

  /** @throws Refusal `not_leader`, `not_member`, `rate_limited` */
  async kick(leaderId: string, accountId: string): Promise<void> {
    this.spend(this.changes, leaderId);
    const outcome = await this.store.writeGrouped('party kick', (tx) =>
      parties.kick(tx, { leaderId, accountId }),
    );
    if (outcome.status !== 'kicked') throw this.refusal(outcome.status);
    this.done('kicked', outcome.partyId);
  }

  /** @throws Refusal `not_leader`, `not_member`, `rate_limited` */
  async promote(leaderId: string, accountId: string): Promise<void> {
    this.spend(this.changes, leaderId);
    const outcome = await this.store.writeGrouped('party promote', (tx) =>
      parties.promote(tx, { leaderId, accountId }),
    );
    if (outcome.status !== 'promoted') throw this.refusal(outcome.status);
    this.done('promoted', outcome.partyId);
  }

  private done(what: Exclude<keyof PartyMembership['counters'], 'refused'>, partyId: string): void {
    this.counters[what] += 1;
    this.courier.tell([partyId]);
  }

  private isHere(accountId: string): boolean {
    return this.registry.player(accountId)?.isOpen === true;
  }

  private spend(buckets: TokenBuckets, accountId: string): void {
    const waitMs = buckets.take(accountId);
    if (waitMs === 0) return;
    this.counters.refused += 1;
    throw new Refusal('rate_limited', `that is too often: try again in ${Math.ceil(waitMs / 1000)} s`);
  }

  private refusal(status: RefusedChange): Refusal {
    this.counters.refused += 1;
    const { code = status, reason } = REFUSALS[status];
    return new Refusal(code, reason);
  }
}

type RefusedChange =
  | 'unknown_player'
  | 'not_leader'
  | 'not_member'
  | 'already_member'
  | 'blocked'
  | 'party_full'
  | 'too_many_invites'
  | 'unknown_invite'
  | 'in_party'
  | 'queued';

/** `code`: what players get, if it is not the name. */
const REFUSALS: Readonly<Record<RefusedChange, { code?: string; reason: string }>> = {
  unknown_player: { reason: 'there is no player of that name or id' },
  not_leader: { reason: 'only the leader of the party can do that' },
  not_member: { reason: 'there is no other member with that id in your party' },
  already_member: { reason: 'that player is in your party' },
  blocked: { reason: 'you block that player' },
  party_full: { reason: 'no queue takes a larger party' },
  too_many_invites: { reason: 'too many invitations of your party are open' },
  unknown_invite: { reason: 'there is no such invitation, or it has run out' },
  in_party: { reason: 'you are in another party: leave it first' },
  queued: { code: 'already_queued', reason: 'you wait in a queue: leave it first' },
};

async function findAccount(tx: ReadTx, player: string): Promise<string | null> {
  const account = UUID.test(player)
    ? await accounts.byId(tx, player.toLowerCase())
    : await accounts.byUsername(tx, player);
  return account?.id ?? null;
}
