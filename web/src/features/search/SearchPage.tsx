import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { FilterChips } from '@/shared/ui/list/FilterChips';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { openedQuery } from '@/shared/lib/openOrders';
import { chipsOf } from './filterText';
import { OpenOrderList } from './OpenOrderList';
import { matchesFiltersQuery, manyFilters, oneFilters, openOrdersQuery, type SearchFilters } from './queries';
import { SavedSearches } from './SavedSearches';
import { SearchFields } from './SearchFields';
import { useNames } from './useNames';

const useOpenOrders = (filters: SearchFilters) => useInfiniteQuery(openOrdersQuery(filters));

/** «Поиск по заказам»: the orders that an engineer may respond to. */
export default function SearchPage() {
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const list = useOpenOrders(filters);
  return (
    <>
      <PageHeading>Поиск по заказам</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <SearchFields />
      </FilterPanel>
      <FilterChips chips={chipsOf(filters, useNames())} onApply={apply} />
      <SavedSearches filters={filters} />
      <NewOrdersNotice filters={filters} list={list} onShow={() => void list.refetch()} />
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

/** Offers to load new orders. The list itself does not change while the user reads it. */
function NewOrdersNotice({
  filters,
  list,
  onShow,
}: {
  filters: SearchFilters;
  list: ReturnType<typeof useOpenOrders>;
  onShow: () => void;
}) {
  const { data: opened = [] } = useQuery(openedQuery);
  const listed = new Set(list.data?.pages.flatMap(({ items }) => (items ?? []).map(({ number }) => number)));
  const news = list.data ? opened.filter(({ at }) => at > list.dataUpdatedAt) : [];
  const newOrders = news.filter(({ number }) => !listed.has(number));
  const isChanged = news.some(({ number }) => listed.has(number));
  const anyMatches = useQueries({ queries: newOrders.map((one) => matchesFiltersQuery(filters, one)) }).some(
    ({ data }) => data,
  );
  return (
    <div role="status">
      {anyMatches && (
        <Button type="link" onClick={onShow}>
          Появились новые заказы — показать
        </Button>
      )}
      {isChanged && !anyMatches && (
        <Button type="link" onClick={onShow}>
          Условия заказов в списке изменились — обновить
        </Button>
      )}
    </div>
  );
}
