/** The parameters found, and how often the loss was computed. */
export interface Found {
  parameters: Record<string, number>;
  loss: number;
  evaluations: number;
}

const FACTORS = [4, 2, 1.4, 1.15];

/** Gains below this are not worth another run. */
const LEAST_GAIN = 1e-5;

/**
 * Looks for the positive parameters that make `loss` least, by pattern search on a scale of logarithms (Hooke and Jeeves 1961): each
 * in turn is multiplied and divided by a factor for as long as that helps; what a round did as a whole is then repeated for
 * as long as that helps; when a round does nothing, the factor becomes smaller. A loss that throws or is NaN counts as infinite.
 */
export function patternSearch(
  loss: (parameters: Record<string, number>) => number,
  start: Readonly<Record<string, number>>,
  mostEvaluations: number,
): Found {
  let evaluations = 0;
  let best: Record<string, number> = { ...start };
  let least = Infinity;

  /** Moves to the parameters if they are better, and says whether they were. */
  const attempt = (parameters: Record<string, number>): boolean => {
    if (evaluations >= mostEvaluations) return false;
    evaluations += 1;
    const value = lossOrInfinity(loss, parameters);
    if (!(value < least - LEAST_GAIN)) return false;
    best = parameters;
    least = value;
    return true;
  };
  const along = (name: string, factor: number): boolean => {
    let helped = false;
    while (attempt({ ...best, [name]: (best[name] ?? NaN) * factor })) helped = true;
    return helped;
  };

  attempt(best);
  for (const factor of FACTORS) {
    for (let before = least, from = best; ; before = least, from = best) {
      for (const name of Object.keys(start)) {
        if (!along(name, factor)) along(name, 1 / factor);
      }
      if (!(least < before)) break;
      const move = Object.entries(best).map(([name, value]) => [name, value / (from[name] ?? NaN)] as const);
      while (attempt(Object.fromEntries(move.map(([name, ratio]) => [name, (best[name] ?? NaN) * ratio]))));
    }
  }
  return { parameters: best, loss: least, evaluations };
}

function lossOrInfinity(
  loss: (parameters: Record<string, number>) => number,
  parameters: Record<string, number>,
): number {
  try {
    const value = loss(parameters);
    return Number.isNaN(value) ? Infinity : value;
  } catch {
    return Infinity;
  }
}
