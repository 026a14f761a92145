import { useInfiniteQuery } from '@tanstack/react-query';
import { FilterPanel } from '../../components/list/FilterPanel';
import { PagedList } from '../../components/list/PagedList';
import { useFilters } from '../../components/list/useFilters';
import { PageHeading } from '../../components/PageHeading';
import { OpenOrderList } from './OpenOrderList';
import { manyFilters, oneFilters, openOrdersQuery } from './queries';
import { SearchFields } from './SearchFields';

/** «Поиск по заказам»: what an engineer may respond to. */
export default function SearchPage() {
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const list = useInfiniteQuery(openOrdersQuery(filters));
  return (
    <>
      <PageHeading>Поиск по заказам</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <SearchFields />
      </FilterPanel>
      <PagedList
        query={list}
        empty="В ваших регионах деятельности сейчас нет заказов, которые ждут исполнителя. Другие регионы можно посмотреть через фильтр."
        filterCount={count}
        onResetFilters={reset}
        lead={filters.region ? '' : 'В ваших регионах деятельности. '}
      >
        {(orders) => <OpenOrderList orders={orders} />}
      </PagedList>
    </>
  );
}
