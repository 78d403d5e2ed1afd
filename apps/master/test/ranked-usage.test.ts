import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCommand } from '../src/command/run-command.js';
import { RankedPlace } from './support/ranked-place.js';
import { removeTempDirs, tempDir } from './support/temp-dir.js';

/* What the command line `ranked` says before it looks into a database: here is none. */

const QUEUES = `queues:
  - { name: duel, teams: 2, size: 1 }
  - { name: team, teams: 2, size: 2 }
`;

let place: RankedPlace;
beforeAll(() => {
  place = new RankedPlace(QUEUES);
});
afterAll(removeTempDirs);

test.each<[string, string[], number, RegExp]>([
  ['nothing', [], 1, /^$/],
  ['another command', ['play'], 1, /^ranked: there is no command "play"; "ranked --help" tells more$/],
  ['no queue', ['replay'], 1, /^ranked: --queue is missing; the queues are: duel, team$/],
  [
    'another queue',
    ['replay', '--queue', 'x'],
    1,
    /^ranked: there is no queue "x"; the queues are: duel, team$/,
  ],
  [
    'an option twice',
    ['replay', '--queue', 'duel', '--queue', 'team'],
    1,
    /^ranked: --queue is given more than once/,
  ],
  ['an unknown option', ['replay', '--queue', 'duel', '--force'], 1, /^ranked: Unknown option '--force'/],
  [
    'no ids',
    ['replay', '--queue', 'duel', '--without', 'all'],
    1,
    /^ranked: --without has "all"; allowed are ids/,
  ],
  [
    'a share of 0',
    ['calibrate', '--queue', 'duel', '--part', '0'],
    1,
    /^ranked: --part is "0"; allowed is a number/,
  ],
  ['a share of nothing', ['calibrate', '--queue', 'duel', '--part', ''], 1, /^ranked: --part is ""; allowed/],
])('refuses %s', async (_, argv, code, message) => {
  const answer = await place.run(...argv);
  expect(answer.code).toBe(code);
  expect(answer.err.split('\n').at(-1)).toMatch(message);
  if (argv.length > 0) expect(answer.out).toBe('');
});

test.each([
  [['--help'], /^ranked <command>[\s\S]*Exit status:[\s\S]* 3 +an audit found a difference/],
  [['replay', '--help'], /^ranked replay[\s\S]*Examples:\n {2}ranked replay --queue duel/],
  [['help', 'calibrate'], /^ranked calibrate[\s\S]*Examples:/],
  [['maintenance', '--help'], /^ranked maintenance on\|off\|status/],
])('%j helps', async (argv, text) => {
  expect(await place.run(...argv)).toMatchObject({ code: 0, out: expect.stringMatching(text), err: '' });
});

test('where there is no database, none is made', async () => {
  const dataDir = join(tempDir(), 'data');
  const err: string[] = [];
  const output = { result: () => undefined, remark: (line: string) => void err.push(line) };
  expect(await runCommand(['replay', '--queue', 'duel'], { RANKED_DATA: dataDir }, output)).toBe(2);
  expect(err[0]).toMatch(
    /^ranked: there is no database .*ranked\.sqlite; RANKED_DATA and RANKED_DATABASE must be/,
  );
  expect(existsSync(dataDir)).toBe(false);
  expect(await runCommand(['replay'], { RANKED_TYPO: '1' }, output)).toBe(2);
  expect(err[1]).toMatch(/^ranked: RANKED_TYPO is not a known setting/);
});
