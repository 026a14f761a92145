import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { ListState } from '@/shared/ui/list/ListState';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { formatDateTime } from '@/shared/lib/dates';
import { type AdmissionDecision, decisionsQuery } from './queries';
import { decisionText } from './labels';

const columns: Column<AdmissionDecision>[] = [
  { title: 'Когда', cell: ({ at }) => formatDateTime(at) },
  { title: 'О ком', cell: ({ name }) => name },
  { title: 'Решение', cell: decisionText },
  { title: 'Кто решил', cell: ({ by }) => by || 'платформа' },
];

/** Lists every decision on admissions, newest first. */
export function Decisions() {
  const decisions = useInfiniteQuery(decisionsQuery);
  const rows = decisions.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <ListState query={decisions} isEmpty={rows.length === 0} empty="Решений о допуске ещё не было.">
      <RowList rows={rows} columns={columns} keyOf={({ id }) => String(id)} />
      {decisions.hasNextPage && (
        <Button className="more" loading={decisions.isFetchingNextPage} onClick={() => void decisions.fetchNextPage()}>
          Показать ещё
        </Button>
      )}
    </ListState>
  );
}
