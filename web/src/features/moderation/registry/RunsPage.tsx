import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatDateTime, moscowDays } from '@/shared/lib/dates';
import { type Awaited, manyFilters, nextAfter, oneFilters, type Run, runsQuery } from './queries';
import { RunBadge } from './RunBadge';
import { durationText, verdictOptions } from './labels';

const columns: Column<Run>[] = [
  {
    title: 'Начало',
    cell: ({ id, startedAt }) => <Link to={`/moderation/registry/${id}`}>{formatDateTime(startedAt)}</Link>,
  },
  {
    title: 'Итог',
    cell: ({ verdict, reason }) => (
      <>
        <RunBadge verdict={verdict} />
        <div className="note">{reason}</div>
      </>
    ),
  },
  { title: 'Снимок от', cell: ({ asOf }) => (asOf ? formatDateTime(asOf) : '—') },
  { title: 'Строк', cell: ({ rows }) => rows.toLocaleString('ru-RU') },
  { title: 'Изменения', cell: changesText },
  { title: 'Длительность', cell: ({ millis }) => (millis > 0 ? durationText(millis) : '—') },
];

function changesText({ added, lost, restored, changed }: Run): string {
  const parts = [
    [added, 'новых'],
    [lost, 'потеряли статус'],
    [restored, 'вернули'],
    [changed, 'изменены'],
  ] as const;
  return (
    parts.flatMap(([count, what]) => (count > 0 ? [`${what}: ${count.toLocaleString('ru-RU')}`] : [])).join(', ') ||
    'нет'
  );
}

/** Lists the sync runs of the registry and their verdicts. */
export default function RunsPage() {
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const [awaited, setAwaited] = useState<Awaited>();
  const runs = useInfiniteQuery(runsQuery(filters, awaited));
  const start = useStart(() => setAwaited(nextAfter(runs.data?.pages)));
  return (
    <>
      <PageHeading
        extra={
          <Button loading={start.isPending} disabled={runs.isPending} onClick={() => start.mutate()}>
            Загрузить сейчас
          </Button>
        }
      >
        Загрузки реестра СРО
      </PageHeading>
      <ProblemAlert error={start.error} />
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <Form.Item name="verdict" label="Итог">
          <Select mode="multiple" allowClear placeholder="Все" options={verdictOptions} />
        </Form.Item>
        <OptionalDay name="startedFrom" label="Начата не раньше" extra={moscowDays} />
        <OptionalDay name="startedTo" label="Начата не позже" extra={moscowDays} />
      </FilterPanel>
      <PagedList
        query={runs}
        empty="Загрузок ещё не было. Первая начнётся ночью, или нажмите «Загрузить сейчас»."
        filterCount={count}
        onResetFilters={reset}
      >
        {(runs) => <RowList rows={runs} columns={columns} keyOf={({ id }) => id} />}
      </PagedList>
    </>
  );
}

/** Starts a run. Its report appears in the list once it begins. */
function useStart(onStart: () => void) {
  const { message } = AntdApp.useApp();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/registry/runs')),
    onSuccess: () => {
      void message.success('Загрузка начнётся сейчас, если другая ещё не идёт.');
      onStart();
    },
  });
}
