import { createHash } from 'node:crypto';
import { Allowlist } from '../src/game-server.js';
import type { CmdAllowPlayers } from '../src/messages/index.js';
import { matchId } from './client-fixtures.js';

const NOW = 1_764_000_000_000;
const ENDS = NOW + 60_000;

/** The token of a player: 32 bytes, all of them `n`. */
const token = (n: number) => Buffer.alloc(32, n).toString('base64url');
const digest = (n: number) => createHash('sha256').update(Buffer.alloc(32, n)).digest('hex');
const member = (n: number, tokenOf = n) => ({ id: matchId(n), name: `p${n}`, tokenDigest: digest(tokenOf) });

function command(match: number, teams: CmdAllowPlayers['teams'], expiresAt = ENDS): CmdAllowPlayers {
  return { matchId: matchId(100 + match), queue: 'duel', teams, expiresAt };
}

function listAt(clock: { now: number }, maxMatches?: number): Allowlist {
  return new Allowlist({ now: () => clock.now, ...(maxMatches === undefined ? {} : { maxMatches }) });
}

test('a token opens its match, once, for the player it belongs to', () => {
  const list = listAt({ now: NOW });
  list.allow(command(1, [[member(1)], [member(2)]]));
  list.allow(command(2, [[member(3)], [member(4)]]));
  expect(list.admit(token(2))).toEqual({
    ok: true,
    matchId: matchId(101),
    queue: 'duel',
    playerId: matchId(2),
    name: 'p2',
    team: 1,
  });
  expect(list.admit(token(2))).toEqual({ ok: false, reason: 'used' });
  expect(list.admit(token(3))).toMatchObject({ ok: true, matchId: matchId(102), team: 0 });
  expect(list.roster(matchId(101))).toEqual({
    matchId: matchId(101),
    queue: 'duel',
    expiresAt: ENDS,
    players: [
      { playerId: matchId(1), name: 'p1', team: 0, admitted: false },
      { playerId: matchId(2), name: 'p2', team: 1, admitted: true },
    ],
  });
});

test.each([
  ['nothing', '', 'malformed'],
  ['too short', token(1).slice(1), 'malformed'],
  ['too long', `${token(1)}A`, 'malformed'],
  ['padded', `${token(1)}=`, 'malformed'],
  ['of the other alphabet', Buffer.alloc(32, 0xff).toString('base64'), 'malformed'],
  // The last character holds two bits that 32 bytes do not need.
  ['another spelling of the same bytes', `${token(1).slice(0, -1)}F`, 'malformed'],
  ['of nobody', token(9), 'unknown'],
  // What the game server knows is no token.
  ['the digest itself', Buffer.from(digest(1), 'hex').toString('base64url'), 'unknown'],
])('a token that is %s is refused', (_, joinToken, reason) => {
  const list = listAt({ now: NOW });
  list.allow(command(1, [[member(1)]]));
  expect(list.admit(joinToken)).toEqual({ ok: false, reason });
  expect(list.admit(token(1)).ok).toBe(true);
});

test('the reservation ends at expiresAt, exclusive', () => {
  const clock = { now: ENDS - 1 };
  const list = listAt(clock);
  list.allow(command(1, [[member(1)], [member(2)]]));
  expect(list.admit(token(1)).ok).toBe(true);
  clock.now = ENDS;
  expect(list.admit(token(2))).toEqual({ ok: false, reason: 'expired' });
});

test('the same command again changes nothing: a used token stays used', () => {
  const list = listAt({ now: NOW });
  const twice = command(1, [[member(1)], [member(2)]]);
  list.allow(twice);
  list.admit(token(1));
  list.allow(twice);
  expect(list.admit(token(1))).toEqual({ ok: false, reason: 'used' });
  expect(list.admit(token(2)).ok).toBe(true);
  expect(list.matches()).toEqual([matchId(101)]);
});

test('a new token for a player replaces the old one; who is no longer named is out', () => {
  const list = listAt({ now: NOW });
  list.allow(command(1, [[member(1)], [member(2)]]));
  list.admit(token(1));
  list.allow(command(1, [[member(1, 11)]], ENDS + 1));
  expect(list.admit(token(1))).toEqual({ ok: false, reason: 'unknown' });
  expect(list.admit(token(2))).toEqual({ ok: false, reason: 'unknown' });
  expect(list.admit(token(11))).toMatchObject({ ok: true, playerId: matchId(1) });
  expect(list.roster(matchId(101))?.expiresAt).toBe(ENDS + 1);
});

test('kick and remove take the tokens with them, and say whether there was something', () => {
  const list = listAt({ now: NOW });
  list.allow(command(1, [[member(1), member(2)], [member(3)]]));
  expect(list.kick(matchId(101), matchId(2))).toBe(true);
  expect(list.kick(matchId(101), matchId(2))).toBe(false);
  expect(list.kick(matchId(999), matchId(2))).toBe(false);
  expect(list.admit(token(2))).toEqual({ ok: false, reason: 'unknown' });
  expect(list.admit(token(1)).ok).toBe(true);
  expect(list.remove(matchId(101))).toBe(true);
  expect(list.remove(matchId(101))).toBe(false);
  expect(list.admit(token(3))).toEqual({ ok: false, reason: 'unknown' });
  expect(list.roster(matchId(101))).toBeUndefined();
});

test('a reservation that nobody used is forgotten, a match that is played is not', () => {
  const clock = { now: NOW };
  const list = listAt(clock);
  list.allow(command(1, [[member(1)], [member(2)]]));
  list.allow(command(2, [[member(3)], [member(4)]]));
  list.admit(token(1));
  clock.now = ENDS + 1;
  expect(list.matches()).toEqual([matchId(101)]);
});

test('a full list refuses a new match with busy, and takes it when one is gone', () => {
  const list = listAt({ now: NOW }, 2);
  list.allow(command(1, [[member(1)]]));
  list.allow(command(2, [[member(2)]]));
  expect(() => list.allow(command(3, [[member(3)]]))).toThrow(
    expect.objectContaining({ code: 'busy' }) as Error,
  );
  list.allow(command(2, [[member(2)]]));
  list.remove(matchId(101));
  list.allow(command(3, [[member(3)]]));
  expect(list.matches()).toEqual([matchId(102), matchId(103)]);
});

test.each([
  ['one token for two players', [[member(3), member(4, 3)]]],
  ['one id twice', [[member(3), member(3, 4)]]],
  ["another match's token", [[member(3), member(4, 1)]]],
])('%s: conflict, and nothing is changed', (_, teams) => {
  const list = listAt({ now: NOW });
  list.allow(command(1, [[member(1)]]));
  list.allow(command(2, [[member(2)]]));
  expect(() => list.allow(command(2, teams))).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
  expect(list.admit(token(1))).toMatchObject({ ok: true, matchId: matchId(101) });
  expect(list.admit(token(2))).toMatchObject({ ok: true, matchId: matchId(102) });
  expect(list.admit(token(3))).toEqual({ ok: false, reason: 'unknown' });
});
