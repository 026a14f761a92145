import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useSession } from '@/app/session';
import { FilterPanel } from '@/components/list/FilterPanel';
import { PagedList } from '@/components/list/PagedList';
import { RowList } from '@/components/list/RowList';
import { useFilters } from '@/components/list/useFilters';
import { PageHeading } from '@/components/PageHeading';
import { CreateButton } from './CreateButton';
import { orderColumns } from './orderColumns';
import { OrderFilterFields } from './OrderFilterFields';
import { manyFilters, oneFilters, ordersQuery } from './queries';
import './orders.css';

/** «Мои заказы»: what a role has to do with, drafts included. */
export default function MyOrdersPage() {
  const { role } = useSession();
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const list = useInfiniteQuery(ordersQuery(filters));
  return (
    <>
      <PageHeading extra={role === 'customer' && <CreateButton />}>{role === 'moderator' ? 'Заказы' : 'Мои заказы'}</PageHeading>
      {role === 'employer' && <p>Заказы ваших сотрудников. Карточки и вложения открыты для просмотра.</p>}
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <OrderFilterFields />
      </FilterPanel>
      <PagedList query={list} empty={<NoOrders role={role} />} filterCount={count} onResetFilters={reset}>
        {(lines) => <RowList rows={lines} columns={orderColumns(role)} keyOf={({ id }) => id} />}
      </PagedList>
    </>
  );
}

function NoOrders({ role }: { role: string }) {
  switch (role) {
    case 'customer':
      return <>Заказов пока нет. Нажмите «Создать новый», чтобы описать работу и найти исполнителя.</>;
    case 'engineer':
      return (
        <>
          Заказов пока нет. Найдите подходящий в разделе <Link to="/orders/search">«Поиск по заказам»</Link> и откликнитесь.
        </>
      );
    case 'employer':
      return <>У ваших сотрудников пока нет заказов.</>;
    default:
      return <>Заказов на платформе пока нет.</>;
  }
}
