import type { Leftover } from '@ranked/matchmaker';

/** Entries of a queue whose reason is kept in the rows, the longest waiting first. */
export const ENTRIES_KEPT = 10_000;
/** Reasons on one page: read in well under a millisecond. */
const REASONS_PER_PAGE = 500;

/** A reason without its entry, which is its key. */
export type Reason = Leftover extends infer One
  ? One extends Leftover
    ? Omit<One, 'entryId'>
    : never
  : never;

/** Reasons as JSON objects by entry: text is what crosses between threads in the time of a copy. */
export interface LeftoverTexts {
  /** Those of the longest waiting, as the rows hold them. */
  readonly oldest: string;
  /** All of them, each on the page that {@link pageOf} says, so that one is found without reading all. */
  readonly pages: readonly string[];
}

/** One member of such an object. */
export function reasonText({ entryId: _, ...reason }: Leftover, key: string): string {
  return `${JSON.stringify(key)}:${JSON.stringify(reason)}`;
}

/** The texts of `leftovers`, which come longest waiting first. */
export function leftoverTexts(leftovers: readonly Leftover[]): LeftoverTexts {
  const pages = Array.from({ length: Math.ceil(leftovers.length / REASONS_PER_PAGE) }, (): string[] => []);
  const oldest: string[] = [];
  for (const leftover of leftovers) {
    const text = reasonText(leftover, leftover.entryId);
    if (oldest.length < ENTRIES_KEPT) oldest.push(text);
    pages[pageOf(leftover.entryId, pages.length)]?.push(text);
  }
  return { oldest: `{${oldest.join(',')}}`, pages: pages.map((members) => `{${members.join(',')}}`) };
}

/** Finds reasons by entry; a page is read when it is first asked for. */
export function reasonFinder(pages: readonly string[]): (entryId: string) => Reason | undefined {
  const read: Readonly<Record<string, Reason>>[] = [];
  return (entryId) => {
    const number = pageOf(entryId, pages.length);
    const text = pages[number];
    if (text === undefined) return undefined;
    read[number] ??= JSON.parse(text) as Readonly<Record<string, Reason>>;
    return read[number][entryId];
  };
}

/** FNV-1a. */
function pageOf(entryId: string, pages: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < entryId.length; i++) hash = Math.imul(hash ^ entryId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % pages;
}
