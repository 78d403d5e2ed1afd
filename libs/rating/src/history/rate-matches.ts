import type { FlatMatch, RatingKernel } from '../kernel.js';
import { emptyFlatMatch, loadMatch } from './flat-matches.js';
import type { HistoryColumns } from './match-history.js';
import type { RatingChanges } from './rating-changes.js';
import type { RatingTable } from './rating-table.js';

/** What a run through a history works on. */
export interface Run {
  readonly columns: HistoryColumns;
  readonly kernel: RatingKernel;
  /** Changed in place. */
  readonly table: RatingTable;
  readonly flat: FlatMatch;
  /** Per match: 1 for one that is left out. Undefined where all count. */
  readonly excluded?: Uint8Array | undefined;
  readonly changes?: RatingChanges | undefined;
}

export function newRun(columns: HistoryColumns, kernel: RatingKernel, table: RatingTable): Run {
  return { columns, kernel, table, flat: emptyFlatMatch(columns.mostTeams, columns.mostPlayers) };
}

/** Rates the matches from `from` up to but not including `to`, as the table stands after those before. */
export function rateMatches(run: Run, from: number, to: number): void {
  const { columns, kernel, table, flat, excluded, changes } = run;
  const { players, times } = columns;
  for (let index = from; index < to; index++) {
    if (excluded?.[index] === 1) continue;
    const first = loadMatch(columns, index, flat);
    const at = times[index] as number;
    table.load(players, first, at, flat);
    kernel.age(flat);
    changes?.keepBefore(first, flat);
    kernel.rate(flat);
    changes?.keepAfter(first, flat);
    table.store(players, first, at, flat);
  }
}
