/*
 * What this program writes, and where. Every subcommand keeps to it.
 *
 * - stdout carries results alone: what was asked for, and with --json exactly one JSON value and a line break.
 * - stderr carries the rest: questions, remarks, errors. An error is one line that begins with "certtool: ".
 * - A secret, a private key or a database password is written to neither, whatever happens.
 * - Text from files, databases and arguments is escaped before it reaches a terminal: a name cannot move the cursor.
 * - No colours, no progress bars: the output is the same in a terminal and in a pipe.
 * - Dates are UTC: ISO 8601 for people, Unix seconds in JSON.
 * - The exit status says how it went, with the numbers of `ExitCode`.
 */

/** The exit statuses, also listed by `certtool --help`. */
export const ExitCode = {
  ok: 0,
  /** Wrong usage, and whatever no other number stands for. */
  failure: 1,
  /** A file that cannot be read, that others may read, or that is malformed. */
  unreadable: 2,
  /** A certificate that is expired, not yet valid, revoked, unknown or not signed by the key. */
  notValid: 3,
  /** A question was not answered with yes. */
  declined: 4,
  /** Ended by Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The last part of `certtool --help`. */
export const EXIT_CODE_HELP = `
Exit status:
  0    done; for inspect and verify: the certificate is valid
  1    wrong usage, a file that exists already, the database, anything else
  2    a file cannot be read, may be read by others, or is malformed
  3    not valid: expired, not yet valid, bad signature, revoked or unknown
  4    a question was not answered with yes
  130  ended by Ctrl-C`;

/** An error that the user is told about in one line, and the status it ends the program with. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Writes a result, escaped, to stdout. */
export function result(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Writes a result that is text of our own making over several lines, as PEM is. */
export function resultBlock(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Writes one JSON value to stdout. `JSON.stringify` leaves C1 and direction characters as they are: they are escaped too. */
export function resultJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  process.stdout.write(`${text}\n`);
}

/** Writes a remark, escaped, to stderr. */
export function remark(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Writes an error, escaped, to stderr. */
export function reportError(message: string): void {
  remark(`certtool: ${message}`);
}

/** The text with every control, format, private-use and line-separating character written as `\u{…}`. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/**
 * Lines of two columns, `label   value`.
 *
 * @param rows labels without a colon, and their values
 */
export function resultFields(rows: readonly (readonly [label: string, value: string])[]): void {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) result(`${label.padEnd(width)}  ${value}`);
}

/** A table with a heading; its columns are as wide as their widest cell. */
export function resultTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [heading, ...rows].map((line) => line.map(printable));
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  for (const line of lines) {
    result(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

/** A moment given in Unix seconds, as text. A `Date` ends with the year 275760, a certificate need not. */
export function dateText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s after 1970` : date.toISOString().replace('.000Z', 'Z');
}
