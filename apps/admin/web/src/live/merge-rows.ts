import type { Page } from '../api/contract.js';

/** The pages of an endless list, as the data layer keeps them. */
export interface LoadedPages<Row> {
  pages: Page<Row>[];
  pageParams: unknown[];
}

/**
 * Puts changed rows in the place of those that have their key. Rows that are in no page are counted in `unknown`: whether they
 * belong there, and where, only the server can say.
 */
export function mergeRows<Row>(
  loaded: LoadedPages<Row>,
  changed: readonly Row[],
  keyOf: (row: Row) => string,
): { loaded: LoadedPages<Row>; unknown: number } {
  const byKey = new Map(changed.map((row) => [keyOf(row), row]));
  let replaced = 0;
  const pages = loaded.pages.map((page) => {
    if (!page.items.some((row) => byKey.has(keyOf(row)))) return page;
    const items = page.items.map((row) => {
      const newer = byKey.get(keyOf(row));
      if (newer === undefined) return row;
      replaced += 1;
      return newer;
    });
    return { ...page, items };
  });
  return {
    loaded: replaced === 0 ? loaded : { ...loaded, pages },
    unknown: Math.max(0, byKey.size - replaced),
  };
}
