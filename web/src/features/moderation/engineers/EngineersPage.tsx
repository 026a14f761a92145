import { useInfiniteQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { Link } from 'react-router';
import { clearable } from '@/shared/ui/fields/clearable';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { RegistryName } from '@/shared/ui/RegistryName';
import { type Engineer, engineerFilters, engineersQuery } from './queries';
import { EngineerStatusBadge } from './EngineerStatusBadge';
import '@/features/moderation/moderation.css';

const statusOptions = [
  { value: 'active', label: 'Действующие' },
  { value: 'unlisted', label: 'Без действующего статуса в реестре' },
  { value: 'blocked', label: 'Заблокированные' },
];

const columns: Column<Engineer>[] = [
  {
    title: 'Инженер',
    cell: ({ id, name, registryName, signedIn }) => (
      <>
        <Link to={`/moderation/engineers/${id}`}>{name}</Link>
        <RegistryName name={registryName} />
        {!signedIn && <div className="note">на платформу не входил</div>}
      </>
    ),
  },
  { title: 'Номер в реестре', cell: ({ registryNumber }) => registryNumber },
  { title: 'СРО', cell: ({ sro }) => sro },
  { title: 'Работодатель', cell: ({ employer }) => employer ?? '—' },
  { title: 'Статус', cell: (engineer) => <EngineerStatusBadge engineer={engineer} /> },
];

/** Lists the engineers of the registry for moderators. */
export default function EngineersPage() {
  const { filters, apply, reset, count } = useFilters(engineerFilters);
  return (
    <>
      <PageHeading>Кадастровые инженеры</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <Form.Item name="name" label="Фамилия, имя, отчество">
          <Input allowClear={clearable} maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item name="number" label="Номер в реестре">
          <Input allowClear={clearable} maxLength={50} autoComplete="off" />
        </Form.Item>
        <Form.Item name="snils" label="СНИЛС" rules={[{ pattern: /^(\D*\d){11}\D*$/, message: 'В СНИЛС 11 цифр.' }]}>
          <Input allowClear={clearable} maxLength={20} autoComplete="off" placeholder="000-000-000 00" />
        </Form.Item>
        <Form.Item name="status" label="Статус">
          <Select allowClear placeholder="Все" options={statusOptions} />
        </Form.Item>
      </FilterPanel>
      <PagedList
        query={useInfiniteQuery(engineersQuery(filters))}
        empty="Реестр ещё не загружен."
        filterCount={count}
        onResetFilters={reset}
      >
        {(engineers) => <RowList rows={engineers} columns={columns} keyOf={({ id }) => id} />}
      </PagedList>
    </>
  );
}
