import type { SessionRole } from '@/shared/codes';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useSession } from '@/shared/auth/session';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { CreateButton } from './CreateButton';
import { orderColumns } from './orderColumns';
import { OrderFilterFields } from './OrderFilterFields';
import { manyFilters, oneFilters, ordersQuery, unsortedFilters } from './queries';
import './orders.css';

/** «Мои заказы»: the orders that concern the user's role, drafts included. */
export default function MyOrdersPage() {
  const { role } = useSession();
  const { filters, apply, reset, count } = useFilters(role === 'moderator' ? unsortedFilters : oneFilters, manyFilters);
  const list = useInfiniteQuery(ordersQuery(filters));
  return (
    <>
      <PageHeading extra={role === 'customer' && <CreateButton />}>
        {role === 'moderator' ? 'Заказы' : 'Мои заказы'}
      </PageHeading>
      {role === 'employer' && <p>Заказы ваших сотрудников. Карточки и вложения открыты для просмотра.</p>}
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <OrderFilterFields sortable={role !== 'moderator'} />
      </FilterPanel>
      <PagedList query={list} empty={<NoOrders role={role} />} filterCount={count} onResetFilters={reset}>
        {(lines) => <RowList rows={lines} columns={orderColumns(role)} keyOf={({ id }) => id} />}
      </PagedList>
    </>
  );
}

function NoOrders({ role }: { role: SessionRole }) {
  switch (role) {
    case 'customer':
      return <>Заказов пока нет. Нажмите «Создать новый», чтобы описать работу и найти исполнителя.</>;
    case 'engineer':
      return (
        <>
          Заказов пока нет. Найдите подходящий в разделе <Link to="/orders/search">«Поиск по заказам»</Link> и
          откликнитесь.
        </>
      );
    case 'employer':
      return <>У ваших сотрудников пока нет заказов.</>;
    default:
      return <>Заказов на платформе пока нет.</>;
  }
}
