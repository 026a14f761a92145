import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { clearable } from '@/shared/ui/fields/clearable';
import { OptionalDay } from '@/shared/ui/fields/DayField';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { ListState } from '@/shared/ui/list/ListState';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { formatDateTime, moscowDays } from '@/shared/lib/dates';
import { deviceName } from '@/shared/lib/deviceName';
import { manyFilters, oneFilters, securityQuery } from './queries';
import { eventTitle, kindOptions, nameOf, onlyPerson, type SecurityEvent, subjectText } from './labels';

/** Links to the events of one person only; hidden where the list shows only them. */
function OnlyPerson({ id }: { id: string }) {
  const [search] = useSearchParams();
  if (search.get('person') === id) return null;
  return (
    <div className="note">
      <Link to={onlyPerson(search, id)}>Только этот человек</Link>
    </div>
  );
}

const columns: Column<SecurityEvent>[] = [
  { title: 'Когда', cell: ({ happenedAt }) => formatDateTime(happenedAt) },
  {
    title: 'Что',
    cell: ({ kind, code }) => (
      <>
        {eventTitle(kind)}
        {code && <div className="note">{code}</div>}
      </>
    ),
  },
  {
    title: 'Кто',
    cell: ({ person, partyName }) => (
      <>
        {person?.name || 'неизвестен'}
        {partyName && partyName !== person?.name && <div className="note">{partyName}</div>}
        {person && <OnlyPerson id={person.id} />}
      </>
    ),
  },
  {
    title: 'О ком или о чём',
    cell: (event) => (
      <>
        {subjectText(event)}
        {event.subjectKind === 'person' && event.subject && <OnlyPerson id={event.subject} />}
      </>
    ),
  },
  {
    title: 'Откуда',
    cell: ({ address, device }) => (
      <>
        {address || '—'}
        {device && <div className="note">{deviceName(device)}</div>}
      </>
    ),
  },
];

/** «Журнал безопасности»: sign-ins, refusals, access to personal data, decisions. */
export default function SecurityPage() {
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const events = useInfiniteQuery(securityQuery(filters));
  const rows = events.data?.pages.flatMap(({ items }) => items) ?? [];
  const { person, ...others } = filters;
  return (
    <>
      <PageHeading>Журнал безопасности</PageHeading>
      <FilterPanel filters={filters} onApply={(values) => apply({ ...values, person })} onReset={reset} count={count}>
        <Form.Item name="name" label="Кто: фамилия, имя, отчество">
          <Input allowClear={clearable} maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="kind" label="Что произошло">
          <Select mode="multiple" allowClear placeholder="Всё" options={kindOptions} />
        </Form.Item>
        <OptionalDay name="from" label="Не раньше" extra={moscowDays} />
        <OptionalDay name="to" label="Не позже" extra={moscowDays} />
      </FilterPanel>
      {person && (
        <p>
          Только этот человек: {nameOf(person, rows) ?? person}{' '}
          <Button type="link" onClick={() => apply(others)}>
            Показать всех
          </Button>
        </p>
      )}
      <ListState
        query={events}
        isEmpty={rows.length === 0}
        empty="Записей ещё нет."
        filterCount={count}
        onResetFilters={reset}
      >
        <RowList rows={rows} columns={columns} keyOf={({ id }) => String(id)} />
        {events.hasNextPage && (
          <Button className="more" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Показать ещё
          </Button>
        )}
      </ListState>
    </>
  );
}
