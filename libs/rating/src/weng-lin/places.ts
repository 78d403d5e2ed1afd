/**
 * The probability of every place for every team, `[team][place]`: team i ends at place k if exactly k others perform above it.
 * Given its own performance x the others are independent, so their number follows a Poisson-binomial distribution; the sum over
 * x is left to the caller, who gives the points in any order and may give different points per team.
 */
export class PlaceSums {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;

  constructor(private readonly teams: number) {
    this.sums = new Float64Array(teams * teams);
    this.counts = new Float64Array(teams);
  }

  /** Adds a point of one team's integral; `above` says per team how likely it performs better than the point. */
  add(team: number, weight: number, above: Float64Array): void {
    const { teams, counts, sums } = this;
    counts.fill(0);
    counts[0] = weight;
    let others = 0;
    for (let j = 0; j < teams; j++) {
      if (j === team) continue;
      const p = above[j] as number;
      others++;
      for (let k = others; k > 0; k--) {
        counts[k] = (counts[k] as number) * (1 - p) + (counts[k - 1] as number) * p;
      }
      counts[0] = (counts[0] as number) * (1 - p);
    }
    const start = team * teams;
    for (let k = 0; k < teams; k++) sums[start + k] = (sums[start + k] as number) + (counts[k] as number);
  }

  /** `[team][place]`. */
  matrix(): number[][] {
    const { teams, sums } = this;
    return withUnitSums(
      Array.from({ length: teams }, (_, i) => Array.from(sums.subarray(i * teams, (i + 1) * teams))),
    );
  }
}

/** Scales a matrix whose rows and columns add up to 1 but for what an integral errs, in place, so that they do. */
export function withUnitSums(rows: number[][]): number[][] {
  for (let round = 0; round < 2; round++) {
    for (let k = 0; k < rows.length; k++) {
      let total = 0;
      for (const row of rows) total += row[k] as number;
      if (total > 0) for (const row of rows) row[k] = (row[k] as number) / total;
    }
    for (const row of rows) {
      let total = 0;
      for (const p of row) total += p;
      if (total > 0) for (let k = 0; k < row.length; k++) row[k] = Math.min(1, (row[k] as number) / total);
    }
  }
  return rows;
}
