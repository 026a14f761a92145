import { skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { FilterPanel } from '../../components/list/FilterPanel';
import { PagedList } from '../../components/list/PagedList';
import { useFilters } from '../../components/list/useFilters';
import { PageHeading } from '../../components/PageHeading';
import { openedQuery } from '../../lib/openOrders';
import { OpenOrderList } from './OpenOrderList';
import { isFoundQuery, manyFilters, oneFilters, openOrdersQuery, type SearchFilters } from './queries';
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
      <Arrivals filters={filters} since={list.dataUpdatedAt} onShow={() => void list.refetch()} />
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

/** Says that there is more than the list shows, which does not move by itself while somebody reads it. */
function Arrivals({ filters, since, onShow }: { filters: SearchFilters; since: number; onShow: () => void }) {
  const { data: number, dataUpdatedAt: opened } = useQuery(openedQuery);
  const asked = number !== undefined && since > 0 && opened > since;
  const probe = isFoundQuery(filters, number ?? '');
  const { data: found } = useQuery({ ...probe, queryFn: asked ? probe.queryFn : skipToken });
  return (
    <div role="status">
      {asked && found && (
        <Button type="link" onClick={onShow}>
          Появились новые заказы — показать
        </Button>
      )}
    </div>
  );
}
