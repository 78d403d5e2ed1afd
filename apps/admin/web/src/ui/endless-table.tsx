import type { Key, ReactNode } from 'react';
import type { LoadedPages } from '../live/merge-rows.js';
import { wholeText } from '../format/number-text.js';
import { Time } from '../time/time.js';
import { Button } from './button.js';
import { DataTable, type Column } from './data-table.js';
import { Empty, Failure, Loading } from './page-states.js';

/** What of a list's query the table needs. */
export interface EndlessQuery<Row> {
  data: LoadedPages<Row> | undefined;
  error: unknown;
  dataUpdatedAt: number;
  isPlaceholderData: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

export interface EndlessTableProps<Row> {
  /** Plural, lower case: `servers`. */
  what: string;
  query: EndlessQuery<Row>;
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => Key;
  isMarked?: (row: Row) => boolean;
  /** Said when the list is empty. */
  empty: ReactNode;
}

/** A list that loads a page at a time, with its loading, empty and error states. */
export function EndlessTable<Row>({ what, query, columns, rowKey, isMarked, empty }: EndlessTableProps<Row>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    if (query.error)
      return <Failure what={`The ${what} cannot be shown.`} error={query.error} onRetry={retry} />;
    return <Loading what={what} />;
  }
  const rows = query.data.pages.flatMap((page) => page.items);
  return (
    <div className={query.isPlaceholderData ? 'stale' : undefined} aria-busy={query.isPlaceholderData}>
      {query.error ? (
        <Failure
          what="The list could not be loaded again; it is as it was before."
          error={query.error}
          onRetry={retry}
        />
      ) : null}
      {rows.length === 0 ? (
        <Empty>{empty}</Empty>
      ) : (
        <DataTable
          caption={what}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          {...(isMarked ? { isMarked } : {})}
        />
      )}
      <p className="list-end">
        <span className="muted">
          <span role="status">
            {rows.length === 0
              ? null
              : `${wholeText(rows.length)} shown${query.hasNextPage ? ', more to load' : ''}. `}
          </span>
          Loaded <Time at={query.dataUpdatedAt} />.
        </span>
        {query.hasNextPage ? (
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {query.isFetchingNextPage ? 'Loading …' : 'Load more'}
          </Button>
        ) : null}
      </p>
    </div>
  );
}
