import { createInterface } from 'node:readline';
import { CommandError, ExitCode, printable } from './output.js';

/**
 * Asks on stderr and returns one line of stdin, trimmed; an empty text at the end of the input. The terminal stays in its usual
 * mode, so that it echoes and Ctrl-C is the signal that it always is.
 */
export async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, terminal: false });
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', (answer) => resolve(answer.trim()));
      lines.once('close', () => resolve(''));
      process.stderr.write(`${printable(question)} `);
    });
  } finally {
    lines.close();
    process.stdin.destroy();
  }
}

/**
 * Asks a question that "y" or "yes" answers with yes, in any case.
 *
 * @throws CommandError `declined` for every other answer, the end of the input among them
 */
export async function confirm(question: string): Promise<void> {
  const answer = await ask(`${question} [y/N]`);
  if (!/^y(es)?$/i.test(answer)) throw declined();
}

/**
 * Asks for a number that shows that the user has read it.
 *
 * @throws CommandError `declined` for every other answer
 */
export async function confirmNumber(question: string, count: number): Promise<void> {
  if ((await ask(`${question} Type ${count} to go on:`)) !== String(count)) throw declined();
}

function declined(): CommandError {
  return new CommandError(ExitCode.declined, 'not confirmed, nothing was changed');
}
