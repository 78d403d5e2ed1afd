import { randomUUID } from 'node:crypto';
import { parties, queue } from '../src/index.js';
import type { MemberWishes, PartyLimits, PartyView } from '../src/index.js';
import { snapshotOf, someAccounts } from './fixtures.js';
import type { SuiteParts } from './with-store.js';

export const LIMITS: PartyLimits = { size: 3, sent: 4, received: 2, inviteMs: 300_000 };
const NO_WISHES: MemberWishes = { latencies: null, roles: null };
/** Who is not heard of for so long is shown as away, and in the end taken out of the party, ms. */
export const SILENCE_MS = 16_000;
export const OUT_MS = 600_000;

/** What players do about parties, each in a transaction of its own. @param suite gives what `withStore` opened */
export function partyActions(suite: () => Pick<SuiteParts, 'store' | 'clock'>) {
  const invite = (inviterId: string, accountId: string, limits = LIMITS) =>
    suite().store.writeGrouped('invite', (tx) =>
      parties.invite(tx, { partyId: randomUUID(), inviterId, accountId, online: true, limits }),
    );
  const accept = (partyId: string, accountId: string, wishes = NO_WISHES) =>
    suite().store.writeGrouped('accept', (tx) =>
      parties.accept(tx, { partyId, accountId, size: LIMITS.size, online: true, wishes }),
    );
  const leave = (accountId: string) =>
    suite().store.writeGrouped('leave', (tx) => parties.leave(tx, accountId));
  const partyOf = async (accountId: string): Promise<PartyView | undefined> => {
    const [party] = await suite().store.read(async (tx) => {
      const id = await parties.idOf(tx, accountId);
      return id === null ? [] : parties.byIds(tx, [id]);
    });
    return party;
  };
  const byId = async (id: string): Promise<PartyView | undefined> =>
    (await suite().store.read((tx) => parties.byIds(tx, [id])))[0];
  const joinParty = (accountId: string, partyId: string, name = 'team', size = 3) =>
    suite().store.writeGrouped('join', (tx) =>
      queue.joinParty(tx, { accountId, partyId, queue: name, size }),
    );
  const snapshot = (name = 'team') => suite().store.read((tx) => snapshotOf(tx, name));
  const silence = () => {
    const { ms } = suite().clock;
    return { awaySince: ms - SILENCE_MS, outSince: ms - OUT_MS };
  };
  const due = () => suite().store.read((tx) => parties.due(tx, silence(), 100));
  const tidy = async () => {
    for (const id of await due())
      await suite().store.writeGrouped('tidy', (tx) => parties.tidy(tx, id, silence()));
  };

  /** A party of that many, the first the leader. */
  async function aParty(size: number): Promise<{ id: string; members: string[] }> {
    const members = await someAccounts(suite().store, size);
    const [leader = '', ...others] = members;
    for (const accountId of others) {
      await invite(leader, accountId);
      suite().clock.advance(1);
      await accept((await partyOf(leader))?.id ?? '', accountId);
    }
    return { id: (await partyOf(leader))?.id ?? '', members };
  }

  return { invite, accept, leave, partyOf, byId, joinParty, snapshot, due, tidy, aParty };
}

/** Accounts of a party's members, the longest member first. */
export const memberIds = (party: PartyView | undefined): string[] | undefined =>
  party?.members.map(({ accountId }) => accountId);
