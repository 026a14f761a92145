import { useInfiniteQuery } from '@tanstack/react-query';
import { Form, Input, Select } from 'antd';
import { Link } from 'react-router';
import { clearable } from '@/shared/ui/fields/clearable';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { formatDateTime } from '@/shared/lib/dates';
import { AccountBadge } from './AccountBadge';
import { roleOptions, statusOptions, whoText } from './labels';
import { type Account, accountFilters, accountsQuery } from './queries';
import '@/features/moderation/moderation.css';

const columns: Column<Account>[] = [
  { title: 'Человек', cell: ({ id, name }) => <Link to={`/moderation/accounts/${id}`}>{name}</Link> },
  { title: 'Кто это', cell: whoText },
  { title: 'Организации', cell: ({ organisations }) => organisations.join('; ') || '—' },
  { title: 'Последний вход', cell: ({ seenAt }) => formatDateTime(seenAt) },
  { title: 'Учётная запись', cell: ({ active }) => <AccountBadge active={active} /> },
];

/** Lists the accounts of people for moderators. */
export default function AccountsPage() {
  const { filters, apply, reset, count } = useFilters(accountFilters);
  return (
    <>
      <PageHeading>Учётные записи</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <Form.Item name="name" label="Имя или организация">
          <Input allowClear={clearable} maxLength={200} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="number"
          label="СНИЛС, ИНН, ОГРН или ОГРНИП"
          rules={[
            {
              pattern: /^\D*((\d\D*){10,13}|(\d\D*){15})$/,
              message: 'Введите номер целиком: 11 цифр СНИЛС, 10 или 12 ИНН, 13 ОГРН, 15 ОГРНИП.',
            },
          ]}
        >
          <Input allowClear={clearable} maxLength={40} autoComplete="off" placeholder="целиком" />
        </Form.Item>
        <Form.Item name="role" label="Кто">
          <Select allowClear placeholder="Все" options={roleOptions} />
        </Form.Item>
        <Form.Item name="status" label="Учётная запись">
          <Select allowClear placeholder="Все" options={statusOptions} />
        </Form.Item>
      </FilterPanel>
      <PagedList
        query={useInfiniteQuery(accountsQuery(filters))}
        empty="На платформу ещё никто не входил."
        filterCount={count}
        onResetFilters={reset}
      >
        {(accounts) => <RowList rows={accounts} columns={columns} keyOf={({ id }) => id} />}
      </PagedList>
    </>
  );
}
