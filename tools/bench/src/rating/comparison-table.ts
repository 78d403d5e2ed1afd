/** A cell of the table: accuracy and log-loss, both as fractions. */
export interface Score {
  accuracy: number;
  logLoss: number;
}

/**
 * Contestants in rows, histories in columns, `accuracy % / log-loss` in the cells; the least log-loss of a column has a star.
 * A contestant that cannot rate a history has a dash there.
 */
export function renderComparison(
  title: string,
  histories: readonly string[],
  rows: readonly { name: string; scores: ReadonlyMap<string, Score> }[],
): string[] {
  const least = new Map(
    histories.map((history) => [
      history,
      Math.min(...rows.map(({ scores }) => scores.get(history)?.logLoss ?? Infinity)),
    ]),
  );
  const cell = (history: string, score?: Score): string => {
    if (!score) return '–';
    const star = score.logLoss === least.get(history) ? '*' : ' ';
    return `${(100 * score.accuracy).toFixed(2)} / ${score.logLoss.toFixed(4)}${star}`;
  };
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(width)}  ${cells.map((text) => text.padStart(17)).join('')}`;
  return [
    line(title, histories),
    ...rows.map(({ name, scores }) =>
      line(
        name,
        histories.map((history) => cell(history, scores.get(history))),
      ),
    ),
  ];
}
