import { failureOf } from './failures.js';
import { reportError } from './output.js';
import { buildProgram } from './program.js';

/**
 * Runs one command line to its end. Whatever goes wrong is said on stderr, never thrown.
 *
 * @param args without program and script
 * @returns the exit status
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  try {
    await buildProgram().parseAsync(args, { from: 'user' });
    // A command that is done and has bad news sets the status itself.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const { exitCode, message } = failureOf(error);
    if (message !== undefined) reportError(message);
    return exitCode;
  }
}
