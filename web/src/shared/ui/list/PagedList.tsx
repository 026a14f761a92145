import './list.css';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { ListState } from './ListState';

interface ListPage<Row> {
  items: readonly Row[] | null;
  total: number;
}

interface Props<Row> {
  query: UseInfiniteQueryResult<{ pages: ListPage<Row>[] }>;
  /** What an empty list means here, and what to do about it. */
  empty: ReactNode;
  /** How many filters are in force. */
  filterCount?: number;
  onResetFilters?: () => void;
  /** What stands before «Показано 20 из 57». */
  lead?: string;
  children: (rows: Row[]) => ReactNode;
}

/** A list that is read page by page, with how much of it is there. */
export function PagedList<Row>({ query, empty, filterCount, onResetFilters, lead = '', children }: Props<Row>) {
  const rows = query.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <ListState
      query={query}
      isEmpty={rows.length === 0}
      empty={empty}
      {...(filterCount !== undefined && { filterCount })}
      {...(onResetFilters && { onResetFilters })}
    >
      <p className="note list-count" role="status">
        {lead}Показано {rows.length} из {total}
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
