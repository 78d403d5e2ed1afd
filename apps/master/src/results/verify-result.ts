import type { MatchResult } from '@ranked/protocol';

/** Why a result is refused: the code and the sentence of its Ack. */
export interface ResultFault {
  code: 'bad_roster' | 'bad_result';
  message: string;
}

/** What the master knows of the match that the result is about. */
export interface MatchFacts {
  /** Number of teams, from the match's own rules. */
  teams: number;
  /** Per-match ids of its players. */
  playerIds: readonly string[];
  /** When its server acknowledged the roster, Unix ms: nothing was played before. */
  allowedAt: number;
}

/**
 * How much longer than "since the Ack of CmdAllowPlayers" a match may claim to have lasted: that Ack travelled
 * while the server may have begun, and the two clocks do not run alike.
 */
export const DURATION_SLACK_MS = 10_000;

/**
 * Judges what a game server claims of a match that is its own: exactly the roster, one rank per team, ranks as a
 * competition gives them (the best is 0, none is above the number of other teams), a duration that fits between the
 * roster and now. Types, finite numbers and lengths were checked by the message's schema.
 *
 * @returns undefined if the claim is possible
 */
export function verifyResult(result: MatchResult, match: MatchFacts, now: number): ResultFault | undefined {
  if (result.teams.length !== match.teams) {
    return {
      code: 'bad_roster',
      message: `the match has ${match.teams} teams, the result ${result.teams.length}`,
    };
  }
  const roster = new Set(match.playerIds);
  const named = new Set(result.players.map((player) => player.id));
  const stranger = result.players.some((player) => !roster.has(player.id));
  if (stranger || named.size !== roster.size || result.players.length !== roster.size) {
    return { code: 'bad_roster', message: 'the players of the result are not exactly those of the match' };
  }
  const ranks = result.teams.map((team) => team.rank);
  if (Math.min(...ranks) !== 0 || Math.max(...ranks) >= match.teams) {
    return { code: 'bad_result', message: `ranks must begin at 0 and stay below ${match.teams}` };
  }
  if (result.durationMs > now - match.allowedAt + DURATION_SLACK_MS) {
    return { code: 'bad_result', message: 'the match would have lasted longer than it existed' };
  }
  return undefined;
}
