import { gaussian } from '@ranked/rating';
import { GLICKO2 } from '../../src/rating/glicko2-contestant.js';
import { recordedHistory } from '../../src/rating/histories.js';
import { judge } from '../../src/rating/judge.js';
import { OPENSKILL, OPENSKILL_WITH_SCORES } from '../../src/rating/openskill-contestant.js';
import { ownContestant } from '../../src/rating/own-contestant.js';
import { TS_TRUESKILL } from '../../src/rating/ts-trueskill-contestant.js';
import type { RecordedMatch } from '../../src/rating/recorded-match.js';

const PEERS = [...OPENSKILL, TS_TRUESKILL, GLICKO2];
const match = (teams: string[][], ranks: number[]): RecordedMatch => ({ at: 0, teams, ranks });

describe.each(PEERS.map((peer) => [peer.name, peer.with(peer.defaults)] as const))(
  '%s',
  (_name, contestant) => {
    const duel = match([['a'], ['b']], [1, 0]);

    test('expects nothing of strangers, and more of a winner', () => {
      const run = contestant.start();
      expect(run.predict(duel, 0, 1)).toBeCloseTo(0.5, 6);
      run.rate(duel);
      expect(run.predict(duel, 1, 0)).toBeGreaterThan(0.6);
      expect(run.predict(duel, 0, 1)).toBeCloseTo(1 - run.predict(duel, 1, 0), 6);
    });

    test('takes a free-for-all in any order of finish', () => {
      const race = match([['c'], ['a'], ['b']], [2, 0, 1]);
      const run = contestant.start();
      for (let i = 0; i < 3; i++) run.rate(race);
      expect(run.predict(race, 1, 2)).toBeGreaterThan(0.5);
      expect(run.predict(race, 2, 0)).toBeGreaterThan(0.5);
    });

    test('a fresh run knows nobody', () => {
      contestant.start().rate(duel);
      expect(contestant.start().predict(duel, 0, 1)).toBeCloseTo(0.5, 6);
    });
  },
);

// As published for openskill 5.0.1, ts-trueskill 5.1.0 and glicko2 1.2.2 on the whole of this history.
test.each([
  ['openskill Plackett-Luce', 0.6817],
  ['openskill Thurstone-Mosteller full', 0.8028],
  ['ts-trueskill', 0.742],
])('%s: the known log-loss on a recorded history', (name, expected) => {
  const peer = PEERS.find((candidate) => candidate.name === name);
  const { matches } = recordedHistory('Halo teams');
  expect(peer && judge(peer.with(peer.defaults), matches).logLoss).toBeCloseTo(expected, 4);
});

test.each(OPENSKILL_WITH_SCORES.map((peer) => [peer.name, peer.with(peer.defaults)] as const))(
  '%s: a rout says more than a narrow win, and scores are required',
  (_name, contestant) => {
    const duel = match([['a'], ['b']], [1, 0]);
    const after = (scores: number[]): number => {
      const run = contestant.start();
      run.rate({ ...duel, scores });
      return run.predict(duel, 1, 0);
    };
    expect(after([0, 9])).toBeGreaterThan(after([2, 3]));
    expect(after([2, 3])).toBeGreaterThan(0.6);
    expect(contestant.accepts(duel)).toBe(false);
    expect(contestant.accepts({ ...duel, scores: [0, 1] })).toBe(true);
  },
);

test('ours is told of scores, home side and idle days only where it should be', () => {
  const model = gaussian({ tauPerDay: 0.5, hostAdvantage: 3 });
  const day = 86_400_000;
  const matches = [0, 400].map((days): RecordedMatch => ({
    at: days * day,
    teams: [['a'], ['b']],
    ranks: [0, 1],
    scores: [2, 1],
    host: 1,
  }));
  const [first, later] = matches as [RecordedMatch, RecordedMatch];
  const plain = ownContestant('plain', model).start();
  expect(plain.predict(first, 0, 1)).toBe(0.5);
  const hosted = ownContestant('hosted', model, { host: true }).start();
  expect(hosted.predict(first, 0, 1)).toBeLessThan(0.45);
  expect(hosted.predict(first, 1, 0)).toBeGreaterThan(0.55);
  plain.rate(first);
  const soon = plain.predict(first, 0, 1);
  expect(plain.predict(later, 0, 1)).toBeLessThan(soon);
});
