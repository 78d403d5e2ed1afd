import { readFileSync } from 'node:fs';
import { parseHistory, type RecordedMatch } from './recorded-match.js';

/** A recorded history that ratings are judged by. */
export interface RecordedHistory {
  readonly name: string;
  readonly matches: readonly RecordedMatch[];
}

const FILES = {
  'Halo 1v1': 'halo2-1v1.csv',
  'Halo teams': 'halo2-teams.csv',
  Football: 'football.csv',
  'Formula One': 'f1.csv',
} as const;

export type HistoryName = keyof typeof FILES;

export const HISTORY_NAMES = Object.keys(FILES) as readonly HistoryName[];

/** Reads one of the histories that lie in `data/rating`. */
export function recordedHistory(name: HistoryName): RecordedHistory {
  const file = new URL(`../../data/rating/${FILES[name]}`, import.meta.url);
  return { name, matches: parseHistory(readFileSync(file, 'utf8')) };
}
