/** One measured figure, as a benchmark program prints it: a JSON object on a line of its own. */
export interface Figure {
  figure: string;
  /** The median, in `unit`. */
  value: number;
  unit: string;
  /** The bound it is held against, if it has one. */
  atLeast?: number;
  atMost?: number;
  /** What it was compared with in the same run, and how that did. */
  peer?: string;
  /** Every single measurement. */
  raw?: number[];
}

const isNumberOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'number';

/** The figure that a line of output holds; undefined for any other line. */
export function parseFigure(line: string): Figure | undefined {
  if (!line.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const figure = value as Partial<Figure>;
  const complete =
    typeof figure.figure === 'string' &&
    typeof figure.value === 'number' &&
    typeof figure.unit === 'string' &&
    isNumberOrAbsent(figure.atLeast) &&
    isNumberOrAbsent(figure.atMost);
  return complete ? (figure as Figure) : undefined;
}

/** Whether a figure keeps its bounds; a figure without bounds does. */
export function isMet({ value, atLeast, atMost }: Figure): boolean {
  return (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
}
