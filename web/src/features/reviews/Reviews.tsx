import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { ListState } from '@/shared/ui/list/ListState';
import { formatDay } from '@/shared/lib/dates';
import { reviewsQuery } from './queries';

/** The marks and reviews of an engineer, the newest first, without a word about the customers. */
export function Reviews({ engineer }: { engineer: string }) {
  const query = useInfiniteQuery(reviewsQuery(engineer));
  const reviews = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <ListState query={query} isEmpty={reviews.length === 0} empty="Оценок и отзывов пока нет.">
      <ul className="reviews">
        {reviews.map(({ id, mark, text, hidden, workKind, date, reply }) => (
          <li key={id}>
            <div>
              <strong>Оценка {mark}</strong>{' '}
              <span className="note">
                {workKind.label} · {formatDay(date)}
              </span>
            </div>
            {text && <p className="user-text">{text}</p>}
            {hidden && <p className="note">Текст отзыва скрыт модератором.</p>}
            {reply && (
              <blockquote className="reply">
                <div className="note">Ответ кадастрового инженера</div>
                <p className="user-text">{reply}</p>
              </blockquote>
            )}
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button className="more" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Показать ещё
        </Button>
      )}
    </ListState>
  );
}
