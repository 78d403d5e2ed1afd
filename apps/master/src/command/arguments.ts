import { parseArgs, types } from 'node:util';
import { CommandError, ExitCode } from './output.js';

/** An option that takes a value, or a switch. */
type OptionKind = 'string' | 'boolean';

/** The options given, by name; those that are not given are absent. */
export type Options<Kinds extends Record<string, OptionKind>> = {
  [Name in keyof Kinds]?: Kinds[Name] extends 'string' ? string : boolean;
};

/**
 * The options of a subcommand.
 * @throws CommandError for an option that it does not know, or one that is given twice
 */
export function optionsOf<const Kinds extends Record<string, OptionKind>>(
  args: readonly string[],
  kinds: Kinds,
): Options<Kinds> {
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, type]) => [name, { type, multiple: true } as const]),
  );
  let values: Record<string, (string | boolean)[] | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }) as {
      values: typeof values;
    });
  } catch (error) {
    throw usage(types.isNativeError(error) ? (error.message.split('. ')[0] ?? '') : String(error));
  }
  const given = Object.entries(values).map(([name, all = []]) => {
    if (all.length > 1) throw usage(`--${name} is given more than once`);
    return [name, all[0]] as const;
  });
  return Object.fromEntries(given) as Options<Kinds>;
}

/** Wrong usage, as an error. */
export function usage(message: string): CommandError {
  return new CommandError(ExitCode.failure, `${message}; "ranked --help" tells more`);
}
