const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time, at most two units: `8 ms`, `4.2 s`, `41 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`, `412 d`. */
export function durationText(ms: number): string {
  const length = Math.abs(ms);
  if (length < SECOND) return `${Math.round(length)} ms`;
  if (length < 9.95 * SECOND) return `${(length / SECOND).toFixed(1).replace('.0', '')} s`;
  if (length < MINUTE - SECOND / 2) return `${Math.round(length / SECOND)} s`;
  if (length < HOUR - SECOND / 2) return twoUnits(Math.round(length / SECOND), 60, 'min', 's');
  if (length < DAY - MINUTE / 2) return twoUnits(Math.round(length / MINUTE), 60, 'h', 'min');
  if (length < 100 * DAY) return twoUnits(Math.round(length / HOUR), 24, 'd', 'h');
  return `${Math.round(length / DAY)} d`;
}

/** A length of time, one unit, for what is read at a glance: `41 s`, `3 min`, `2 h`, `12 d`. */
export function roughDurationText(ms: number): string {
  const length = Math.abs(ms);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)} h`;
  return `${Math.floor(length / DAY)} d`;
}

function twoUnits(count: number, perLarge: number, large: string, small: string): string {
  const rest = count % perLarge;
  const whole = `${Math.floor(count / perLarge)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
