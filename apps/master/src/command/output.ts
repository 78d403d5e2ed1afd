/*
 * What the `ranked` command writes, and where.
 *
 * - stdout carries results alone: what was found, and what goes into the queues file.
 * - stderr carries the rest: progress, remarks, errors. An error is one line that begins with "ranked: ".
 * - No secret is written to either, and no colours.
 */

/** The exit statuses, also listed by `ranked --help`. */
export const ExitCode = {
  /** Done; for an audit: what is stored is what the matches make. */
  ok: 0,
  /** Wrong usage, and whatever no other number stands for. */
  failure: 1,
  /** Settings, the queues file, the key or the database cannot be read. */
  unreadable: 2,
  /** An audit found a difference. */
  differs: 3,
  /** Ended by Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error that the user is told about in a sentence, and the status it ends the program with. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** Where a command writes. */
export interface Output {
  /** A line on stdout. */
  result(line: string): void;
  /** A line on stderr. */
  remark(line: string): void;
}

/** Progress in tenths: a line for each, and none for what is done at once. */
export function progressLines(output: Output, what: string): (done: number, total: number) => void {
  let shown = 0;
  return (done, total) => {
    const tenths = total > 0 ? Math.min(10, Math.floor((done / total) * 10)) : 10;
    if (tenths <= shown || done < total / 10) return;
    shown = tenths;
    if (tenths < 10) output.remark(`${what}: ${tenths * 10} %`);
  };
}
