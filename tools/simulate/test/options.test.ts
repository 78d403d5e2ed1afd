import { parseOptions, POLICIES, USAGE } from '../src/options.js';
import { DEFAULT_SCENARIO } from '../src/scenario.js';

test('a busy evening of duels under all policies when nothing is said', () => {
  expect(parseOptions([])).toEqual({
    scenario: DEFAULT_SCENARIO,
    queues: undefined,
    queue: undefined,
    policies: [...POLICIES],
    fixedWindow: undefined,
    compare: false,
    plots: true,
    out: undefined,
    json: false,
    help: false,
  });
});

test('every part of the scenario has an option that the help names', () => {
  const value = (member: string) => (member === 'strength' ? 'skewed' : member === 'tick' ? '100' : '1');
  for (const member of Object.keys(DEFAULT_SCENARIO)) {
    const option = `--${member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const args = [option, member === 'players' ? '2' : value(member)];
    const { scenario } = parseOptions(args);
    expect(String(scenario[member as keyof typeof scenario])).toBe(args[1]);
    expect(USAGE).toContain(`${option} `);
  }
});

test.each([
  [['--players', '1'], /--players must be a whole number from 2 to 1000000, not '1'/],
  [['--players', '3.5'], /whole number/],
  [['--hours', 'soon'], /--hours must be a number from 0.1 to 672, not 'soon'/],
  [['--hours', ''], /--hours/],
  [['--leavers', '1.1'], /--leavers must be a number from 0 to 1, not '1.1'/],
  [['--seed=-1'], /--seed/],
  [['--regions', '5'], /--regions must be a whole number from 1 to 4/],
  [['--strength', 'strong'], /--strength must be one of normal, skewed, two-groups, not 'strong'/],
  [['--policies', 'ours,luck'], /--policies must be one of first-come, fixed, ours, not 'luck'/],
  [['--fixed-window', 'wide'], /--fixed-window/],
  [['--queue', 'duel'], /name the file with --queues/],
  [['--bots', '3'], /--bots/],
  [['3'], /3/],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
