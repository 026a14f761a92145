import { useQuery } from '@tanstack/react-query';
import { Card } from 'antd';
import { api, unwrap } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';
import { queryKeys } from '@/shared/queryKeys';
import { HiddenNote } from '@/features/reviews/HiddenNote';

/** Shows the parties the engineer's reply to the review, and why a moderator hid a text. */
export function ReviewNote({ card: { id, rating } }: { card: OrderCard }) {
  const { data } = useQuery({
    queryKey: queryKeys.order.review(id),
    queryFn: ({ signal }) => unwrap(api.GET('/api/orders/{order}/review', { params: { path: { order: id } }, signal })),
    enabled: rating !== undefined,
  });
  if (!rating || !data || (!data.hidden && !data.reply)) return null;
  return (
    <Card title={<h2>Отзыв и ответ</h2>}>
      <HiddenNote verdict={data.hidden} what="Текст отзыва скрыт от всех" />
      {data.reply && (
        <blockquote className="reply">
          <div className="note">Ответ кадастрового инженера</div>
          <p className="user-text">{data.reply.text}</p>
          <HiddenNote verdict={data.reply.hidden} what="Ответ скрыт от всех" />
        </blockquote>
      )}
    </Card>
  );
}
