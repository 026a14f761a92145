import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { FilterPanel } from '../../components/list/FilterPanel';
import { ListState } from '../../components/list/ListState';
import { useFilters } from '../../components/list/useFilters';
import { PageHeading } from '../../components/PageHeading';
import { OpenOrderList } from './OpenOrderList';
import { manyFilters, oneFilters, openOrdersQuery } from './queries';
import { SearchFields } from './SearchFields';
import '../orders/orders.css';

/** «Поиск по заказам»: what an engineer may respond to. */
export default function SearchPage() {
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const list = useInfiniteQuery(openOrdersQuery(filters));
  const orders = list.data?.pages.flatMap((page) => page.items ?? []) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <>
      <PageHeading>Поиск по заказам</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <SearchFields />
      </FilterPanel>
      <ListState
        query={list}
        isEmpty={orders.length === 0}
        empty="В ваших регионах деятельности сейчас нет заказов, которые ждут исполнителя. Другие регионы можно посмотреть через фильтр."
        filterCount={count}
        onResetFilters={reset}
      >
        <p className="note list-count" role="status">
          {filters.region ? '' : 'В ваших регионах деятельности. '}Показано {orders.length} из {total}
        </p>
        <OpenOrderList orders={orders} />
        {list.hasNextPage && (
          <Button className="more" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Показать ещё
          </Button>
        )}
      </ListState>
    </>
  );
}
