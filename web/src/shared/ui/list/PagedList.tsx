import './list.css';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { ListState } from './ListState';

interface ListPage<Row> {
  items: readonly Row[] | null;
  total: number;
  /** Whether there are more rows than total, which has a limit. */
  more?: boolean;
}

interface Props<Row> {
  query: UseInfiniteQueryResult<{ pages: ListPage<Row>[] }>;
  /** The text for an empty list: what that means and what to do. */
  empty: ReactNode;
  /** The number of applied filters. */
  filterCount?: number;
  onResetFilters?: () => void;
  /** The text before «Показано 20 из 57». */
  lead?: string;
  children: (rows: Row[]) => ReactNode;
}

/** Shows a list that is loaded page by page, with the number of loaded and of all rows. */
export function PagedList<Row>({ query, empty, filterCount, onResetFilters, lead = '', children }: Props<Row>) {
  const rows = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const { total = 0, more = false } = query.data?.pages[0] ?? {};
  return (
    <ListState
      query={query}
      isEmpty={rows.length === 0}
      empty={empty}
      {...(filterCount !== undefined && { filterCount })}
      {...(onResetFilters && { onResetFilters })}
    >
      <p className="note list-count" role="status">
        {lead}Показано {rows.length} из {more && 'более чем '}
        {total}
      </p>
      {children(rows)}
      {query.hasNextPage && (
        <Button className="more" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Показать ещё
        </Button>
      )}
    </ListState>
  );
}
