import * as fs from 'node:fs';

/** Position of `env_start` and `env_end` among the fields of `/proc/<pid>/stat` that follow the command's name (proc(5)). */
const ENV_START = 50 - 3;
const ENV_END = 51 - 3;

/** What came of it: `wiped`, `absent` (nothing was there to wipe), or `unsupported` with the reason. */
export type WipeOutcome = { result: 'wiped' | 'absent' } | { result: 'unsupported'; reason: string };

/**
 * Overwrites the values of environment variables where the kernel shows them, in `/proc/<pid>/environ`: `delete process.env.X`
 * leaves them there for as long as the process lives. Names stay, values become NUL bytes. Linux only; elsewhere, and where
 * `/proc` is not to be had, it says so and changes nothing.
 *
 * @param pid another process of the same user may be possible (a parent that only passed the value on); the kernel decides,
 *   and refuses it where `kernel.yama.ptrace_scope` is 1 or more
 */
export function wipeInitialEnvironment(names: readonly string[], pid: number | 'self' = 'self'): WipeOutcome {
  if (process.platform !== 'linux') {
    return { result: 'unsupported', reason: `${process.platform} has no /proc/<pid>/mem` };
  }
  try {
    return { result: overwrite(names, pid) ? 'wiped' : 'absent' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    return { result: 'unsupported', reason: `/proc/${pid} cannot be written (${code})` };
  }
}

function overwrite(names: readonly string[], pid: number | 'self'): boolean {
  const { start, end } = environmentBounds(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const wanted = new Set(names);
  // Read before the memory is opened for writing: most processes have nothing to wipe.
  const bytes = fs.readFileSync(`/proc/${pid}/environ`);
  const spans = valueSpans(bytes, wanted).filter(
    ([from, to]) => start + to <= end && !isBlank(bytes, from, to),
  );
  if (spans.length === 0) return false;
  const memory = fs.openSync(`/proc/${pid}/mem`, 'r+');
  try {
    for (const [from, to] of spans) {
      fs.writeSync(memory, Buffer.alloc(to - from), 0, to - from, start + from);
    }
  } finally {
    fs.closeSync(memory);
    bytes.fill(0);
  }
  return true;
}

/** The command's name stands in parentheses and may itself have spaces and parentheses: the last one ends it. */
function environmentBounds(stat: string): { start: number; end: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { start: Number(fields[ENV_START]), end: Number(fields[ENV_END]) };
}

/** Where the values of these variables lie, as byte ranges: entries are `NAME=value` and end with a NUL. */
function valueSpans(bytes: Buffer, names: ReadonlySet<string>): [from: number, to: number][] {
  const spans: [number, number][] = [];
  for (let from = 0; from < bytes.length;) {
    const nul = bytes.indexOf(0, from);
    const to = nul === -1 ? bytes.length : nul;
    const equals = bytes.subarray(from, to).indexOf(0x3d);
    if (equals > 0 && names.has(bytes.toString('latin1', from, from + equals))) {
      spans.push([from + equals + 1, to]);
    }
    from = to + 1;
  }
  return spans;
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  return bytes.subarray(from, to).every((byte) => byte === 0);
}
