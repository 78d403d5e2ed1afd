import { parseArgs } from 'node:util';
import { MOST_REGIONS } from './regions.js';
import { DEFAULT_SCENARIO, DISTRIBUTIONS, type Distribution, type Scenario } from './scenario.js';

export const POLICIES = ['first-come', 'fixed', 'ours'] as const;
export type PolicyName = (typeof POLICIES)[number];

export interface SimulateOptions {
  readonly scenario: Scenario;
  /** A queues file, and the queue in it; the built-in queue and the first where not given. */
  readonly queues: string | undefined;
  readonly queue: string | undefined;
  readonly policies: readonly PolicyName[];
  /** Points; that with which the queue's own window begins where not given. */
  readonly fixedWindow: number | undefined;
  /** Whether the fixed windows with our median and our mean wait are looked for. */
  readonly compare: boolean;
  readonly plots: boolean;
  /** The folder of the plots; one under `simulation-results/` where not given. */
  readonly out: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

const SCENARIO_LINES: readonly (readonly [option: string, text: string])[] = [
  ['seed', 'the same seed gives the same run'],
  ['hours', 'of virtual time; the first quarter is not counted'],
  ['start-hour', 'the hour of the day at which it begins'],
  ['players', 'people who play now and then'],
  ['sessions', 'that begin in an hour, on the mean of a day'],
  ['strength', `hidden strengths: ${DISTRIBUTIONS.join(', ')}`],
  ['deviation', 'of the hidden strengths, in points'],
  ['newcomers', 'share of players without a rating'],
  ['regions', `that players come from, 1 to ${MOST_REGIONS}`],
  ['parties', 'share of sessions that are parties, where a queue has teams'],
  ['patience', 'seconds after which half of those who wait have given up'],
  ['leavers', 'share of players who leave a match'],
  ['match-minutes', 'median length of a match'],
  ['tick', 'milliseconds between two looks at the queue'],
];

export const USAGE = `usage: npm run simulate -- [options]

Plays a queue on virtual time under several policies and says how long players wait and how even their matches are.

  --queues FILE        the master's queues file (YAML or JSON); without it a busy queue of duels
  --queue NAME         which queue of it; the first without
  --policies LIST      of ${POLICIES.join(', ')}; all of them without
  --fixed-window N     points of the fixed window; that of the queue at the start without
  --compare            also finds the fixed windows by which the median, and the mean, of the
                       waits is that of ours
  --no-plots           no frontier and no SVG files: much quicker
  --out DIR            where the plots go; simulation-results/ without
  --json               the results as JSON on standard output, without a table

${SCENARIO_LINES.map(([option, text]) => `  --${option.padEnd(18)} ${text} (${DEFAULT_SCENARIO[memberOf(option)]})`).join('\n')}

Examples:
  npm run simulate
  npm run simulate -- --queues apps/master/config/queues.yaml --queue team --sessions 1500
  npm run simulate -- --compare --no-plots
  npm run simulate -- --hours 24 --start-hour 0 --sessions 500 --regions 3

Exit status: 0 done; 2 wrong usage or a queues file that cannot be used.
`;

function memberOf(option: string): keyof Scenario {
  return option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as keyof Scenario;
}

function number(option: string, text: string, least: number, most: number, whole = false): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new RangeError(
      `--${option} must be a ${whole ? 'whole number' : 'number'} from ${least} to ${most}, not '${text}'`,
    );
  }
  return value;
}

function oneOf<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined) {
    throw new RangeError(`--${option} must be one of ${allowed.join(', ')}, not '${text}'`);
  }
  return found;
}

/** @throws RangeError or TypeError with a sentence for the user. */
export function parseOptions(args: string[]): SimulateOptions {
  const text = (option: string) => ({
    type: 'string' as const,
    default: String(DEFAULT_SCENARIO[memberOf(option)]),
  });
  const flag = { type: 'boolean' as const, default: false };
  const { values } = parseArgs({
    args,
    options: {
      seed: text('seed'),
      hours: text('hours'),
      'start-hour': text('start-hour'),
      players: text('players'),
      sessions: text('sessions'),
      strength: text('strength'),
      deviation: text('deviation'),
      newcomers: text('newcomers'),
      regions: text('regions'),
      parties: text('parties'),
      patience: text('patience'),
      leavers: text('leavers'),
      'match-minutes': text('match-minutes'),
      tick: text('tick'),
      queues: { type: 'string' },
      queue: { type: 'string' },
      policies: { type: 'string', default: POLICIES.join() },
      'fixed-window': { type: 'string' },
      compare: flag,
      'no-plots': flag,
      out: { type: 'string' },
      json: flag,
      help: flag,
    },
  });
  if (values.queue !== undefined && values.queues === undefined) {
    throw new TypeError('--queue names a queue of a file; name the file with --queues');
  }
  const window = values['fixed-window'];
  return {
    scenario: {
      seed: number('seed', values.seed, 0, 0xffffffff, true),
      hours: number('hours', values.hours, 0.1, 24 * 28),
      startHour: number('start-hour', values['start-hour'], 0, 24),
      players: number('players', values.players, 2, 1_000_000, true),
      sessions: number('sessions', values.sessions, 1, 1_000_000),
      strength: oneOf<Distribution>('strength', values.strength, DISTRIBUTIONS),
      deviation: number('deviation', values.deviation, 0, 5000),
      newcomers: number('newcomers', values.newcomers, 0, 1),
      regions: number('regions', values.regions, 1, MOST_REGIONS, true),
      parties: number('parties', values.parties, 0, 1),
      patience: number('patience', values.patience, 1, 86_400),
      leavers: number('leavers', values.leavers, 0, 1),
      matchMinutes: number('match-minutes', values['match-minutes'], 0.1, 600),
      tick: number('tick', values.tick, 50, 600_000, true),
    },
    queues: values.queues,
    queue: values.queue,
    policies: [...new Set(values.policies.split(','))].map((name) => oneOf('policies', name, POLICIES)),
    fixedWindow: window === undefined ? undefined : number('fixed-window', window, 0, 100_000),
    compare: values.compare,
    plots: !values['no-plots'],
    out: values.out,
    json: values.json,
    help: values.help,
  };
}
