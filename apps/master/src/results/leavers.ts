import type { MatchResult } from '@ranked/protocol';

/** Who played this part of a match before he left is not blamed. */
const PLAYED_ENOUGH = 0.9;

/**
 * Per-match ids of those who left a match and are to blame for it, as its server tells it. Nobody is if all left; nor is a
 * team of several that left as one: that is a connection that broke, or a server that drove them out.
 *
 * @param roster the players of the match, with the index of their team
 */
export function leaversOf(
  result: Pick<MatchResult, 'players'>,
  roster: readonly { readonly id: string; readonly team: number }[],
): string[] {
  const gone = new Map(
    result.players.filter((player) => player.left === true).map((player) => [player.id, player]),
  );
  const stayed = roster.filter(({ id }) => !gone.has(id));
  if (stayed.length === 0) return [];
  const heldOut = new Set(stayed.map(({ team }) => team));
  const sizes = new Map<number, number>();
  for (const { team } of roster) sizes.set(team, (sizes.get(team) ?? 0) + 1);
  return roster
    .filter(({ id, team }) => gone.has(id) && (heldOut.has(team) || sizes.get(team) === 1))
    .filter(({ id }) => (gone.get(id)?.playFraction ?? 0) < PLAYED_ENOUGH)
    .map(({ id }) => id);
}
