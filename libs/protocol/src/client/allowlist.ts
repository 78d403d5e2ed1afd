import { createHash, timingSafeEqual } from 'node:crypto';
import { ProtocolError } from '../errors.js';
import type { CmdAllowPlayers } from '../messages/index.js';

/** What is known of a player who may join. */
export interface AllowedPlayer {
  readonly playerId: string;
  readonly name: string;
  /** Index into the teams of the match. */
  readonly team: number;
  /** Whether his token was used. */
  readonly admitted: boolean;
}

/** A match and who may play it. */
export interface Roster {
  readonly matchId: string;
  readonly queue: string;
  /** When tokens stop to count, in Unix ms. */
  readonly expiresAt: number;
  readonly players: readonly AllowedPlayer[];
}

/** Whether a join token opens a match. */
export type Admission =
  | ({ readonly ok: true; readonly matchId: string; readonly queue: string } & Omit<
      AllowedPlayer,
      'admitted'
    >)
  | { readonly ok: false; readonly reason: 'malformed' | 'unknown' | 'used' | 'expired' };

/** How an allowlist is set up. */
export interface AllowlistOptions {
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** Matches it holds at most. Default 10,000, the largest capacity that a heartbeat can tell. */
  readonly maxMatches?: number;
}

interface Player {
  readonly playerId: string;
  readonly name: string;
  readonly team: number;
  readonly digest: Buffer;
  admitted: boolean;
}

interface Match {
  readonly matchId: string;
  readonly queue: string;
  readonly expiresAt: number;
  readonly players: Map<string, Player>;
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const TOKEN_BYTES = 32;

/**
 * Who may join which match, as the master said it.
 *
 *     [MsgType.CmdAllowPlayers]: (command) => allowlist.allow(command),
 *     [MsgType.CmdKickPlayer]: ({ matchId, playerId }) => void allowlist.kick(matchId, playerId),
 *     [MsgType.CmdCancelMatch]: ({ matchId }) => void allowlist.remove(matchId),
 *
 * and when a player connects: `const admission = allowlist.admit(joinToken)`. A game server knows only the digests of
 * the tokens, so what is stolen from it opens no match.
 */
export class Allowlist {
  readonly #now: () => number;
  readonly #maxMatches: number;
  readonly #matches = new Map<string, Match>();
  /** Digest in hex → match and player. */
  readonly #byDigest = new Map<string, { readonly match: Match; readonly player: Player }>();

  constructor(options: AllowlistOptions = {}) {
    this.#now = options.now ?? (() => Date.now());
    this.#maxMatches = options.maxMatches ?? 10_000;
  }

  /**
   * Takes a reservation. The same one again changes nothing: a used token stays used. A new one for a known match
   * replaces it; a player whose token is new can join with that one only.
   *
   * @throws ProtocolError `busy` when it is full; `conflict` when two players have one token or one id
   */
  allow(command: CmdAllowPlayers): void {
    this.#forgetUnused();
    const known = this.#matches.get(command.matchId);
    if (known === undefined && this.#matches.size >= this.#maxMatches) {
      throw new ProtocolError('busy', `${this.#maxMatches} matches are reserved already`);
    }
    const match: Match = {
      matchId: command.matchId,
      queue: command.queue,
      expiresAt: command.expiresAt,
      players: new Map(),
    };
    const digests = new Map<string, Player>();
    for (const [team, members] of command.teams.entries()) {
      for (const { id, name, tokenDigest } of members) {
        const digest = Buffer.from(tokenDigest, 'hex');
        const before = known?.players.get(id);
        const admitted = before !== undefined && before.admitted && before.digest.equals(digest);
        const player: Player = { playerId: id, name, team, digest, admitted };
        const holder = this.#byDigest.get(tokenDigest);
        if (match.players.has(id) || digests.has(tokenDigest) || (holder && holder.match !== known)) {
          throw new ProtocolError('conflict', 'two players of the reservation have one id or one token');
        }
        match.players.set(id, player);
        digests.set(tokenDigest, player);
      }
    }
    // Nothing was changed before everything was found in order.
    if (known !== undefined) this.#forget(known);
    this.#matches.set(match.matchId, match);
    for (const [digest, player] of digests) this.#byDigest.set(digest, { match, player });
  }

  /** Spends a join token: it opens its match once, and not after the reservation ended. */
  admit(joinToken: string): Admission {
    if (!TOKEN.test(joinToken)) return { ok: false, reason: 'malformed' };
    const token = Buffer.from(joinToken, 'base64url');
    // 43 characters hold 258 bits: of four spellings of the same 32 bytes only the canonical one is a token.
    if (token.length !== TOKEN_BYTES || token.toString('base64url') !== joinToken) {
      return { ok: false, reason: 'malformed' };
    }
    const digest = createHash('sha256').update(token).digest();
    // How long the look-up takes depends on the digest, which tells nothing about the token.
    const entry = this.#byDigest.get(digest.toString('hex'));
    if (entry === undefined || !timingSafeEqual(entry.player.digest, digest)) {
      return { ok: false, reason: 'unknown' };
    }
    const { match, player } = entry;
    if (player.admitted) return { ok: false, reason: 'used' };
    if (this.#now() >= match.expiresAt) return { ok: false, reason: 'expired' };
    player.admitted = true;
    const { playerId, name, team } = player;
    return { ok: true, matchId: match.matchId, queue: match.queue, playerId, name, team };
  }

  /** Takes a player out, his token with him. False when he was not there. */
  kick(matchId: string, playerId: string): boolean {
    const match = this.#matches.get(matchId);
    const player = match?.players.get(playerId);
    if (match === undefined || player === undefined) return false;
    match.players.delete(playerId);
    this.#byDigest.delete(player.digest.toString('hex'));
    return true;
  }

  /** Forgets a match that ended or was cancelled. False when it was not there. */
  remove(matchId: string): boolean {
    const match = this.#matches.get(matchId);
    if (match === undefined) return false;
    this.#forget(match);
    return true;
  }

  /** The matches it holds, for `matches` of the heartbeat. */
  matches(): string[] {
    this.#forgetUnused();
    return [...this.#matches.keys()];
  }

  /** Who may play a match; undefined when it does not hold it. */
  roster(matchId: string): Roster | undefined {
    const match = this.#matches.get(matchId);
    if (match === undefined) return undefined;
    const { queue, expiresAt } = match;
    const players = [...match.players.values()].map(({ playerId, name, team, admitted }) => ({
      playerId,
      name,
      team,
      admitted,
    }));
    return { matchId, queue, expiresAt, players };
  }

  /** A reservation that ended before anybody came will not be played. */
  #forgetUnused(): void {
    const now = this.#now();
    for (const match of this.#matches.values()) {
      if (now >= match.expiresAt && ![...match.players.values()].some(({ admitted }) => admitted)) {
        this.#forget(match);
      }
    }
  }

  #forget(match: Match): void {
    this.#matches.delete(match.matchId);
    for (const { digest } of match.players.values()) this.#byDigest.delete(digest.toString('hex'));
  }
}
