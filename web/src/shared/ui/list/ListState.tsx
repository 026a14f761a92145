import { Button, Empty, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';

interface Props {
  /** A query, or as much of one as this shows. */
  query: { isPending: boolean; error: unknown; refetch: () => unknown };
  isEmpty: boolean;
  /** What an empty list means here, and what to do about it. */
  empty: ReactNode;
  /** How many filters are in force: an empty list then has another reason. */
  filterCount?: number;
  onResetFilters?: () => void;
  children: ReactNode;
}

/** A list in each of its states: being read, failed, empty, there. What was read stays when a later reading fails. */
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
