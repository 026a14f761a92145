import { Button, Empty, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';

interface Props {
  /** The part of a query that this component uses. */
  query: { isPending: boolean; error: unknown; refetch: () => unknown };
  isEmpty: boolean;
  /** The text for an empty list: what that means and what to do. */
  empty: ReactNode;
  /** The number of applied filters. With filters an empty list gets another text. */
  filterCount?: number;
  onResetFilters?: () => void;
  children: ReactNode;
}

/**
 * Shows a list in each of its states: loading, failed, empty, loaded. Loaded rows stay visible when
 * a later request fails.
 */
export function ListState({ query, isEmpty, empty, filterCount = 0, onResetFilters, children }: Props) {
  if (query.isPending) {
    return (
      <div role="status" aria-label="Загрузка списка">
        <Skeleton active paragraph={{ rows: 6 }} />
      </div>
    );
  }
  const problem = query.error ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null;
  if (isEmpty && problem) return problem;
  if (isEmpty) return <EmptyList text={empty} filtered={filterCount > 0} onReset={onResetFilters} />;
  return (
    <>
      {problem}
      {children}
    </>
  );
}

function EmptyList({
  text,
  filtered,
  onReset,
}: {
  text: ReactNode;
  filtered: boolean;
  onReset: (() => void) | undefined;
}) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={filtered ? 'По этому фильтру ничего не найдено' : text}>
      {filtered && onReset && <Button onClick={onReset}>Сбросить фильтр</Button>}
    </Empty>
  );
}
