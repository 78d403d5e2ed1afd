/** A finished match of a recorded history. Teams, ranks and scores belong together by position. */
export interface RecordedMatch {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly teams: readonly (readonly string[])[];
  /** One per team: 0 is best, equal numbers are a tie. */
  readonly ranks: readonly number[];
  /** One per team, higher is better. */
  readonly scores?: readonly number[];
  /** The index of the team that played at home. */
  readonly host?: number;
}

const COLUMNS = ['date', 'teams', 'ranks', 'scores', 'neutral'];

/**
 * Reads a history: CSV without quotes, a line of column names, then one match a line, as described in
 * `data/rating/README.md`.
 *
 * @throws Error that names the line, if it cannot be a match or was played before the line above
 */
export function parseHistory(text: string): RecordedMatch[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = header.split(',');
  const unknown = columns.find((column) => !COLUMNS.includes(column));
  if (unknown !== undefined) throw new Error(`line 1: unknown column '${unknown}'`);
  const matches: RecordedMatch[] = [];
  for (const [index, line] of lines.entries()) {
    const match = parseMatch(columns, line, `line ${index + 2}`);
    const previous = matches.at(-1);
    if (previous && match.at < previous.at) throw new Error(`line ${index + 2}: earlier than the line above`);
    matches.push(match);
  }
  return matches;
}

function parseMatch(columns: readonly string[], line: string, where: string): RecordedMatch {
  const fields = line.split(',');
  if (fields.length !== columns.length) throw new Error(`${where}: expected ${columns.length} fields`);
  const field = (column: string): string => fields[columns.indexOf(column)] ?? '';
  // Times without a zone are read as UTC, wherever the benchmark runs.
  const date = field('date');
  const at = Date.parse(date.includes('T') ? `${date}Z` : date);
  if (Number.isNaN(at)) throw new Error(`${where}: no date: '${date}'`);
  const teams = field('teams')
    .split(';')
    .map((team) => team.split('|'));
  const players = teams.flat();
  if (players.includes('')) throw new Error(`${where}: a player without a name`);
  if (new Set(players).size !== players.length) throw new Error(`${where}: a player who plays twice`);
  const numbers = (column: string): number[] => {
    const values = field(column).split(';').map(Number);
    if (values.length !== teams.length || !values.every(Number.isFinite)) {
      throw new Error(`${where}: expected one number per team in '${column}'`);
    }
    return values;
  };
  return {
    at,
    teams,
    ranks: numbers('ranks'),
    ...(columns.includes('scores') && { scores: numbers('scores') }),
    ...(columns.includes('neutral') && field('neutral') === '0' && { host: 0 }),
  };
}
