import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** How long new matches are begun, in seconds. */
  seconds: number;
  players: number;
  servers: number;
  /** How long a match lasts in the mean, in seconds; each takes between half and one and a half of it. */
  matchSeconds: number;
  seed: number;
  /** Where keys, database and logs of this run are kept; a temporary folder when not given. */
  directory: string | undefined;
}

export const USAGE = `usage: npm run demo -- [--seconds 60] [--players 40] [--servers 3] [--match-seconds 1]
                            [--seed 1] [--directory DIR]

Plays ranked matches between a real master, real game servers and real players on this machine.
Exit status: 0 every match, result and rating is accounted for; 1 something was lost; 2 wrong usage.
`;

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`--${name} must be a whole number from ${least} to ${most}, not '${text}'`);
  }
  return value;
}

/** @throws RangeError or TypeError with a sentence for the user. */
export function parseOptions(args: string[]): DemoOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '60' },
      players: { type: 'string', default: '40' },
      servers: { type: 'string', default: '3' },
      'match-seconds': { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      directory: { type: 'string' },
    },
  });
  return {
    seconds: integer('seconds', values.seconds, 1, 3600),
    players: integer('players', values.players, 4, 500),
    servers: integer('servers', values.servers, 1, 50),
    matchSeconds: integer('match-seconds', values['match-seconds'], 1, 600),
    seed: integer('seed', values.seed, 0, 0xffffffff),
    directory: values.directory,
  };
}
