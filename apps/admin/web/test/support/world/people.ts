import type { PlayerDetail, PlayerMatch, RatingHistory } from '../../../src/api/contract.js';
import type { Chance } from './chance.js';

const DAY = 86_400_000;
const NAMES = [
  'Ada',
  'Grace',
  'Linus',
  'Noor',
  'Mika',
  'Søren',
  'Zoë',
  '東京太郎',
  'Ivo',
  'Lena',
  'Kai',
  'Rune',
  'Yara',
  'Tomás',
  'Ines',
  'Bo',
  'Nils',
  'Vera',
  'Otto',
  'Jun',
  'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW',
  'Åsa',
  'Milo',
  'Pia',
];

/** Players with ratings in the two common queues. */
export function makePlayers(chance: Chance, now: number): PlayerDetail[] {
  return Array.from({ length: 72 }, (_, index) => {
    const base = NAMES[index % NAMES.length] ?? 'Player';
    const displayName = index < NAMES.length ? base : `${base.slice(0, 20)}${index}`;
    const mu = chance.normal(25, 5);
    const games = chance.whole(3, 400);
    return {
      id: chance.uuid(),
      username: `player${String(index).padStart(3, '0')}`,
      displayName,
      createdAt: now - chance.whole(1, 700) * DAY,
      ban:
        index === 3
          ? { until: now + 6 * DAY + 3_600_000, reason: 'Aimbot, proven by replay' }
          : index === 11
            ? { until: null, reason: 'Sold accounts' }
            : null,
      place: { kind: 'away' },
      ratings: ['duel', 'squad'].map((queue, at) => ({
        queue,
        display: Math.round(1500 + (mu - 25) * 60 - at * 35),
        mu: mu - at * 0.6,
        sigma: 1.2 + chance.next() * 3,
        games: Math.max(1, Math.round(games / (at + 1))),
        wins: Math.round((games / (at + 1)) * (0.4 + chance.next() * 0.2)),
        tier: mu > 28 ? 'Gold' : mu > 22 ? 'Silver' : 'Bronze',
        lastMatchAt: now - chance.whole(1, 72) * 3_600_000,
        rank: index + 1,
        of: 4218,
      })),
      sessions: Array.from({ length: chance.whole(0, 3) }, () => {
        const createdAt = now - chance.whole(1, 40) * 3_600_000;
        return { id: chance.uuid(), createdAt, expiresAt: createdAt + 2 * DAY };
      }),
    };
  });
}

/** How a rating moved over the last matches. */
export function makeHistory(chance: Chance, queue: string, now: number): RatingHistory {
  let display = 1320;
  const points = Array.from({ length: 120 }, (_, index) => {
    const before = display;
    display = Math.round(display + chance.normal(3, 18));
    return {
      matchId: chance.uuid(),
      at: now - (120 - index) * 6 * 3_600_000,
      display,
      before,
      sigma: 8 - index * 0.05,
    };
  });
  return { queue, points };
}

/** A player's past matches. */
export function makePlayerMatches(
  chance: Chance,
  matchIds: string[],
  serverId: string,
  now: number,
): PlayerMatch[] {
  const outcomes = ['win', 'loss', 'win', 'loss', 'draw', 'void', 'abandoned'] as const;
  return matchIds.map((matchId, index) => {
    const outcome = outcomes[index % outcomes.length] ?? 'win';
    const counts = outcome !== 'void' && outcome !== 'abandoned';
    const before = 1480 + index * 7;
    const endedAt = now - (index + 1) * 5_400_000;
    return {
      matchId,
      queue: index % 3 === 0 ? 'squad' : 'duel',
      serverId,
      startedAt: endedAt - 900_000,
      endedAt,
      outcome,
      before: counts ? before : null,
      after: counts ? before + chance.whole(-24, 24) : null,
    };
  });
}
