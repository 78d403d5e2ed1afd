import type { FakePlayer } from './fake-player.js';

/** Makes a party of connected players, the first of them its leader. Gives its id. */
export async function partyOf(leader: FakePlayer, ...others: FakePlayer[]): Promise<string> {
  for (const other of others) {
    leader.rig.clock.advance(6_000);
    await leader.invite(other);
    leader.rig.clock.advance(1);
    await other.accept(leader.party?.partyId);
  }
  const partyId = leader.party?.partyId;
  if (partyId === undefined) throw new Error('there is no party');
  return partyId;
}
