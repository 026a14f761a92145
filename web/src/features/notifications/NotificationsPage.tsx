import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form } from 'antd';
import { api, unwrap } from '@/shared/api/client';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { ListState } from '@/shared/ui/list/ListState';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { queryKeys } from '@/shared/queryKeys';
import { NotificationList } from './NotificationList';
import { notificationsQuery } from './queries';
import './notifications.css';

const filterNames = ['unread'] as const;

/** Lists the notifications of the user in his role. */
export default function NotificationsPage() {
  const { filters, apply, reset, count } = useFilters(filterNames);
  const list = useInfiniteQuery(notificationsQuery(filters.unread === 'true'));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = list.data?.pages[0]?.unread ?? 0;
  const markAsRead = useMarkAsRead();
  const newest = items[0];
  return (
    <>
      <PageHeading
        extra={
          newest &&
          unread > 0 && (
            <Button loading={markAsRead.isPending} onClick={() => markAsRead.mutate({ upTo: newest.id })}>
              Отметить все прочитанными
            </Button>
          )
        }
      >
        Уведомления
      </PageHeading>
      <ProblemAlert error={markAsRead.error} />
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <Form.Item
          name="unread"
          valuePropName="checked"
          getValueProps={(value) => ({ checked: value === 'true' || value === true })}
        >
          <Checkbox>Только новые</Checkbox>
        </Form.Item>
      </FilterPanel>
      <ListState
        query={list}
        isEmpty={items.length === 0}
        empty="Уведомлений пока нет. Здесь появятся события ваших заказов."
        filterCount={count}
        onResetFilters={reset}
      >
        <NotificationList
          items={items}
          onOpen={({ id, order }) => markAsRead.mutate(order ? { upTo: id, order } : { upTo: id, single: true })}
          onRead={({ id }) => markAsRead.mutate({ upTo: id, single: true })}
        />
        {list.hasNextPage && (
          <Button className="more" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Показать ещё
          </Button>
        )}
      </ListState>
    </>
  );
}

function useMarkAsRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { upTo: number; order?: string; single?: boolean }) =>
      unwrap(api.POST('/api/notifications/read', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.notifications.all }),
  });
}
