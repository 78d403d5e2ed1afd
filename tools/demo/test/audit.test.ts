import { audit, type PlayerAccount, type ServerAccount } from '../src/audit.js';
import type { LeaderboardRow } from '../src/master-api.js';

const row = (name: string, games: number): LeaderboardRow => ({
  rank: 1,
  playerId: name,
  displayName: name,
  rating: 1500,
  games,
  wins: 0,
  tier: null,
});

function fairMinute(): {
  servers: ServerAccount[];
  players: PlayerAccount[];
  boards: Map<string, LeaderboardRow[]>;
} {
  const person = (name: string): PlayerAccount => ({
    name,
    playerId: name,
    found: ['m1', 'm2'],
    reported: ['m1'],
    cancelled: ['m2'],
  });
  return {
    servers: [
      { name: 's', resultsSent: [{ matchId: 'm1', queue: 'duel', players: 2 }], acknowledged: ['m1'] },
    ],
    players: [person('a'), person('b')],
    boards: new Map([['duel', [row('a', 1), row('b', 1)]]]),
  };
}

test('finds nothing where nothing was lost', () => {
  const { servers, players, boards } = fairMinute();
  expect(audit(servers, players, boards)).toEqual([]);
});

test.each<[string, (minute: ReturnType<typeof fairMinute>) => void, RegExp]>([
  [
    'a result without its Ack',
    ({ servers }) => void (servers[0]!.acknowledged = []),
    /m1 .*never acknowledged/,
  ],
  [
    'a report that reached one of two',
    ({ players }) => void (players[0]!.reported = []),
    /reached 1 of its 2 players/,
  ],
  [
    'a match that never ended for a player',
    ({ players }) => void (players[0]!.cancelled = []),
    /a never heard how match m2 ended/,
  ],
  [
    'a rating too few',
    ({ boards }) => void boards.set('duel', [row('a', 1)]),
    /2 player games were played but 1 were rated/,
  ],
  [
    'a rating too many',
    ({ boards }) => void boards.set('duel', [row('a', 2), row('b', 1)]),
    /2 player games were played but 3 were rated/,
  ],
  [
    'a match on two servers',
    ({ servers }) => void servers.push({ ...servers[0]!, name: 't' }),
    /m1 was played on two servers/,
  ],
])('names %s', (_name, spoil, sentence) => {
  const minute = fairMinute();
  spoil(minute);
  expect(audit(minute.servers, minute.players, minute.boards).join('\n')).toMatch(sentence);
});
