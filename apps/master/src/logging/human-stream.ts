import type { DestinationStream } from 'pino';

const KNOWN = new Set(['level', 'time', 'msg', 'component', 'pid', 'hostname', 'node']);

/** Turns the JSON lines of the log into lines for a person at a terminal. */
export function createHumanStream(write: (text: string) => void): DestinationStream {
  return {
    write(line: string): void {
      write(`${toHumanLine(line)}\n`);
    },
  };
}

/** One JSON log line as `12:30:01.250 info  http: request  method=GET …`; what is no JSON stays as it is. */
export function toHumanLine(line: string): string {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line.trimEnd();
  }
  const time = String(record['time']).slice(11, 23);
  const component = typeof record['component'] === 'string' ? `${record['component']}: ` : '';
  const { err } = record;
  const fields = Object.entries(record)
    .filter(([name]) => !KNOWN.has(name) && name !== 'err')
    .map(
      ([name, value]) => `${name}=${typeof value === 'string' ? printable(value) : JSON.stringify(value)}`,
    );
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : '';
  return `${time} ${String(record['level']).padEnd(5)} ${component}${printable(String(record['msg'] ?? ''))}${fields.length > 0 ? `  ${fields.join(' ')}` : ''}${stack}`;
}

/** Log lines repeat what peers sent: none of it may steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}
