import { readFileSync } from 'node:fs';
import { glicko2, type PeriodGame, type Rating } from '../../src/index.js';

interface Points {
  rating: number;
  rd: number;
}
interface Vector {
  name: string;
  tau: number;
  player: Points & { vol: number };
  games: (Points & { score: number })[];
  exact: Points & { vol: number };
}
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/glicko2.json', import.meta.url), 'utf8'),
) as Vector[];

const ratingOf = ({ rating, rd }: Points) => ({ mu: rating, sigma: rd });

describe('reference values computed with 40 digits', () => {
  it.each(vectors)('$name', ({ tau, player, games, exact }) => {
    const rated = glicko2({ tau }).ratePlayer(
      { ...ratingOf(player), volatility: player.vol },
      games.map((game) => ({ opponent: ratingOf(game), score: game.score })),
    );
    expect(Math.abs(rated.mu - exact.rating)).toBeLessThan(1e-9);
    expect(Math.abs(rated.sigma - exact.rd)).toBeLessThan(1e-9);
    expect(Math.abs((rated.volatility ?? NaN) - exact.vol)).toBeLessThan(1e-14);
  });

  it('the example of the paper, to the digits it prints', () => {
    const rated = glicko2({ tau: 0.5 }).ratePlayer({ mu: 1500, sigma: 200, volatility: 0.06 }, [
      { opponent: { mu: 1400, sigma: 30 }, score: 1 },
      { opponent: { mu: 1550, sigma: 100 }, score: 0 },
      { opponent: { mu: 1700, sigma: 300 }, score: 0 },
    ]);
    // The paper rounds on the way and prints 1464.06 and 151.52.
    expect(rated.mu).toBeCloseTo(1464.05, 1);
    expect(rated.sigma).toBeCloseTo(151.52, 2);
    expect(rated.volatility).toBeCloseTo(0.05999, 4);
  });
});

describe('a rating period of many players', () => {
  const model = glicko2();
  const players = new Map([
    ['anna', { mu: 1500, sigma: 200, volatility: 0.06 }],
    ['ben', { mu: 1400, sigma: 30, volatility: 0.05 }],
    ['carla', { mu: 1550, sigma: 100 }],
    ['dora', { mu: 1700, sigma: 300, volatility: 0.07 }],
  ]);
  const games = [
    { players: ['anna', 'ben'], score: 1 },
    { players: ['carla', 'anna'], score: 1 },
    { players: ['anna', 'carla'], score: 0.5, host: 0 },
  ] as const;

  it('rates everybody against the others as they were before it, in whatever order the games are given', () => {
    const rated = model.ratePeriod(players, games);
    const opponent = (id: string) => players.get(id) as Rating;
    expect(rated.get('anna')).toEqual(
      model.ratePlayer(opponent('anna'), [
        { opponent: opponent('ben'), score: 1 },
        { opponent: opponent('carla'), score: 0 },
        { opponent: opponent('carla'), score: 0.5, host: 'player' },
      ]),
    );
    expect(rated.get('ben')).toEqual(
      model.ratePlayer(opponent('ben'), [{ opponent: opponent('anna'), score: 0 }]),
    );
    const reversed = model.ratePeriod(players, [...games].reverse());
    expect(reversed.get('anna')?.mu).toBeCloseTo(rated.get('anna')?.mu as number, 10);
    expect([...rated.keys()]).toEqual([...players.keys()]);
  });

  it('makes those who did not play less certain, up to a new player', () => {
    const rated = model.ratePeriod(players, games);
    expect(rated.get('dora')).toEqual({
      mu: 1700,
      sigma: Math.sqrt((300 / 173.7178) ** 2 + 0.07 ** 2) * 173.7178,
      volatility: 0.07,
    });
    expect(model.ratePlayer({ mu: 1700, sigma: 349.9, volatility: 0.5 }, []).sigma).toBe(350);
    expect(model.ratePlayer({ mu: 1700, sigma: 400, volatility: 0.5 }, []).sigma).toBe(400);
  });

  it('gives a new player his volatility and keeps the advantage of the host in mind', () => {
    expect(model.ratePlayer({ mu: 1500, sigma: 50 }, []).volatility).toBe(0.06);
    const home = glicko2({ hostAdvantage: 100 });
    const opponent = { mu: 1500, sigma: 50 };
    const at = (host?: 'player' | 'opponent') =>
      home.ratePlayer(opponent, [{ opponent, score: 1, ...(host && { host }) }]).mu;
    expect(at('player')).toBeLessThan(at());
    expect(at()).toBeLessThan(at('opponent'));
    const asHost = home.ratePeriod(
      new Map([
        ['a', opponent],
        ['b', opponent],
      ]),
      [{ players: ['b', 'a'], score: 0, host: 1 }],
    );
    expect(asHost.get('a')?.mu).toBe(at('player'));
  });

  it('keeps every volatility where tau is 0', () => {
    const still = glicko2({ tau: 0 }).ratePeriod(players, games);
    expect(still.get('anna')?.volatility).toBe(0.06);
  });

  it.each<[string, unknown, RegExp]>([
    ['a stranger', { players: ['anna', 'zoe'], score: 1 }, /^games\[1\]\.players\[1\]: "zoe"/],
    ['a stranger first', { players: ['zoe', 'anna'], score: 1 }, /^games\[1\]\.players\[0\]: "zoe"/],
    ['one who plays himself', { players: ['anna', 'anna'], score: 1 }, /^games\[1\]\.players: "anna"/],
    ['a score above 1', { players: ['anna', 'ben'], score: 2 }, /^games\[1\]\.score:/],
    ['no score', { players: ['anna', 'ben'] }, /^games\[1\]\.score:/],
    ['a third host', { players: ['anna', 'ben'], score: 1, host: 2 }, /^games\[1\]\.host:/],
  ])('refuses %s', (_name, game, message) => {
    const wrong = game as PeriodGame;
    expect(() => model.ratePeriod(players, [games[0], wrong])).toThrow(message);
  });

  it('refuses ratings that are none', () => {
    const good = { mu: 1500, sigma: 50 };
    expect(() => model.ratePlayer({ ...good, volatility: 0 }, [])).toThrow(
      /^rating\.volatility: must be above 0/,
    );
    expect(() => model.ratePlayer({ ...good, volatility: NaN }, [])).toThrow(/^rating\.volatility:/);
    expect(() => model.ratePlayer({ mu: 1500, sigma: -1 }, [])).toThrow(/^rating\.sigma:/);
    const opponent = { ...good, volatility: -1 };
    expect(() => model.ratePlayer(good, [{ opponent, score: 1 }])).toThrow(
      /^games\[0\]\.opponent\.volatility:/,
    );
    expect(() => model.ratePlayer(good, [{ opponent: good, score: NaN }])).toThrow(/^games\[0\]\.score:/);
    expect(() => model.ratePeriod(new Map([['x"y', { mu: NaN, sigma: 1 }]]), [])).toThrow(
      /^players\.get\("x\\"y"\)\.mu:/,
    );
  });
});
