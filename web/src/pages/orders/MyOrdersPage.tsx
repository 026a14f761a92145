import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Grid } from 'antd';
import { Link } from 'react-router';
import { useSession } from '../../app/session';
import { FilterPanel } from '../../components/list/FilterPanel';
import { ListState } from '../../components/list/ListState';
import { useFilters } from '../../components/list/useFilters';
import { PageHeading } from '../../components/PageHeading';
import { CreateButton } from './CreateButton';
import { OrderCards } from './OrderCards';
import { OrderFilterFields } from './OrderFilterFields';
import { OrderTable } from './OrderTable';
import { manyFilters, oneFilters, ordersQuery } from './queries';
import './orders.css';

/** «Мои заказы»: what a role has to do with, drafts included. */
export default function MyOrdersPage() {
  const { role } = useSession();
  const wide = Grid.useBreakpoint().lg ?? true;
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const list = useInfiniteQuery(ordersQuery(filters));
  const lines = list.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  const List = wide ? OrderTable : OrderCards;
  return (
    <>
      <PageHeading extra={role === 'customer' && <CreateButton />}>{role === 'moderator' ? 'Заказы' : 'Мои заказы'}</PageHeading>
      {role === 'employer' && <p>Заказы ваших сотрудников. Карточки и вложения открыты для просмотра.</p>}
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <OrderFilterFields />
      </FilterPanel>
      <ListState query={list} isEmpty={lines.length === 0} empty={<NoOrders role={role} />} filterCount={count} onResetFilters={reset}>
        <p className="note list-count" role="status">
          Показано {lines.length} из {total}
        </p>
        <List lines={lines} role={role} />
        {list.hasNextPage && (
          <Button className="more" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Показать ещё
          </Button>
        )}
      </ListState>
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
