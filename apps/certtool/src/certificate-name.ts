import { CommandError, ExitCode } from './output.js';

/**
 * Checks the name of a game server. It is shown in lists and logs, and it names the certificate's file: so nothing invisible,
 * and nothing that means something in a path.
 *
 * @throws CommandError that says what is wrong
 */
export function requireName(name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new CommandError(ExitCode.failure, `--name ${problem}`);
  return name;
}

function nameProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > 64) return 'must have 1 to 64 characters';
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return 'must not have control or invisible characters';
  if (/[/\\<>:"|?*]/.test(name)) return 'must not have any of / \\ < > : " | ? *';
  if (/^[.\s-]|[.\s]$/u.test(name))
    return 'must not begin with a dot, space or hyphen, nor end with a dot or space';
  if (/\.s2scert$/i.test(name)) return 'must not end with .s2scert, which is added to make the file name';
  return UUID_TEXT.test(name) ? 'must not look like a UUID' : undefined;
}

/** A UUID as people type it. */
export const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
