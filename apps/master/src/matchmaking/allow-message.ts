import type { CmdAllowPlayers } from '@ranked/protocol';
import type { Match, MatchPlayer } from '@ranked/store';
import { groupBy } from './group-by.js';
import type { JoinTokens } from './join-tokens.js';

/** The players of a match by team, in the order of `team` and `position`. */
export function teamsOf(match: Match): MatchPlayer[][] {
  const teams = groupBy(match.players, (player) => player.team);
  return [...teams.keys()].sort((a, b) => a - b).map((team) => teams.get(team) ?? []);
}

/**
 * What a game server is told of a match: per-match ids, display names and digests of join tokens, no more.
 *
 * @param expiresAt when players must have come, Unix ms
 */
export function allowMessage(match: Match, tokens: JoinTokens, expiresAt: number): CmdAllowPlayers {
  return {
    matchId: match.id,
    queue: match.queue,
    teams: teamsOf(match).map((team) =>
      team.map(({ id, name, tokenGeneration }) => ({
        id,
        name,
        tokenDigest: tokens.digest({
          matchId: match.id,
          attempt: match.attempt,
          playerId: id,
          generation: tokenGeneration,
        }),
      })),
    ),
    expiresAt,
  };
}
