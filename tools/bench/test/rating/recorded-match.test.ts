import { HISTORY_NAMES, recordedHistory } from '../../src/rating/histories.js';
import { parseHistory } from '../../src/rating/recorded-match.js';

test('teams, ranks, scores and the home side are read', () => {
  const text = [
    'date,teams,ranks,scores,neutral',
    '1872-11-30,Scotland;England,0;0,0;0,0',
    '1872-12-01T10:00:00,a|b;c|São Tomé;d,2;0;1,1;3;2,1',
    '',
  ].join('\n');
  expect(parseHistory(text)).toEqual([
    {
      at: Date.UTC(1872, 10, 30),
      teams: [['Scotland'], ['England']],
      ranks: [0, 0],
      scores: [0, 0],
      host: 0,
    },
    {
      at: Date.UTC(1872, 11, 1, 10),
      teams: [['a', 'b'], ['c', 'São Tomé'], ['d']],
      ranks: [2, 0, 1],
      scores: [1, 3, 2],
    },
  ]);
});

test('columns that are absent leave nothing behind', () => {
  expect(parseHistory('date,teams,ranks\n2000-01-01,a;b,0;1\n')).toEqual([
    { at: Date.UTC(2000, 0, 1), teams: [['a'], ['b']], ranks: [0, 1] },
  ]);
});

test.each([
  ['an unknown column', 'date,teams,ranks,elo\n', "line 1: unknown column 'elo'"],
  ['a missing field', 'date,teams,ranks\n2000-01-01,a;b\n', 'line 2: expected 3 fields'],
  ['no date', 'date,teams,ranks\nyesterday,a;b,0;1\n', "line 2: no date: 'yesterday'"],
  [
    'too few ranks',
    'date,teams,ranks\n2000-01-01,a;b,0\n',
    "line 2: expected one number per team in 'ranks'",
  ],
  [
    'a rank that is text',
    'date,teams,ranks\n2000-01-01,a;b,0;x\n',
    "line 2: expected one number per team in 'ranks'",
  ],
  ['an empty team', 'date,teams,ranks\n2000-01-01,a;,0;1\n', 'line 2: a player without a name'],
  ['a player against himself', 'date,teams,ranks\n2000-01-01,a;a,0;1\n', 'line 2: a player who plays twice'],
  [
    'time that goes back',
    'date,teams,ranks\n2000-01-02,a;b,0;1\n2000-01-01,a;b,0;1\n',
    'line 3: earlier than the line above',
  ],
])('refused: %s', (_name, text, message) => {
  expect(() => parseHistory(text)).toThrow(message);
});

// Counted in the data as published, before they were reduced.
test.each([
  { name: 'Halo 1v1', matches: 6_227, players: 1_672, ties: 511, most: 2 },
  { name: 'Halo teams', matches: 1_199, players: 2_576, ties: 376, most: 16 },
  { name: 'Football', matches: 49_520, players: 337, ties: 11_258, most: 2 },
  { name: 'Formula One', matches: 1_160, players: 679, ties: 40, most: 42 },
] as const)('$name is complete', ({ name, ...expected }) => {
  const { matches } = recordedHistory(name);
  expect({
    matches: matches.length,
    players: new Set(matches.flatMap(({ teams }) => teams.flat())).size,
    ties: matches.filter(({ ranks }) => new Set(ranks).size < ranks.length).length,
    most: Math.max(...matches.map(({ teams }) => teams.flat().length)),
  }).toEqual(expected);
});

test.each(HISTORY_NAMES)('in %s scores never contradict ranks', (name) => {
  const wrong = recordedHistory(name).matches.filter(
    ({ ranks: [a = NaN, b = NaN], scores }) =>
      scores !== undefined && Math.sign(a - b) !== Math.sign((scores[1] ?? NaN) - (scores[0] ?? NaN)),
  );
  expect(wrong).toEqual([]);
});
