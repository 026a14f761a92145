import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Card } from 'antd';
import { Link } from 'react-router';
import type { Schema } from '@/shared/api/client';
import { ListState } from '@/shared/ui/list/ListState';
import { formatDate } from '@/shared/lib/dates';
import { HiddenNote } from '@/features/reviews/HiddenNote';
import { OwnRating } from '@/features/reviews/OwnRating';
import { ownReviewsQuery } from '@/features/reviews/queries';
import { ReplyForm } from '@/features/reviews/ReplyForm';
import { ProfileFrame } from '../ProfileFrame';
import '@/features/reviews/reviews.css';

/** «Мой рейтинг и отзывы»: an engineer's numbers, and the reviews with his replies. */
export default function OwnReviewsPage() {
  const query = useInfiniteQuery(ownReviewsQuery);
  const reviews = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <ProfileFrame>
      <div className="stack">
        <Card title={<h2>Мой рейтинг</h2>}>
          <OwnRating />
        </Card>
        <Card title={<h2>Отзывы обо мне</h2>}>
          <ListState query={query} isEmpty={reviews.length === 0} empty="Оценок и отзывов пока нет.">
            <ul className="reviews">
              {reviews.map((review) => (
                <li key={review.id}>
                  <OwnReview review={review} />
                </li>
              ))}
            </ul>
            {query.hasNextPage && (
              <Button className="more" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Показать ещё
              </Button>
            )}
          </ListState>
        </Card>
      </div>
    </ProfileFrame>
  );
}

function OwnReview({ review }: { review: Schema<'OwnReview'> }) {
  const { order, number, mark, text, hidden, workKind, at, reply } = review;
  return (
    <>
      <div>
        <strong>Оценка {mark}</strong>{' '}
        <span className="note">
          <Link to={`/orders/${order}`}>Заказ {number}</Link> · {workKind.label} · {formatDate(at)}
        </span>
      </div>
      {text && <p className="user-text">{text}</p>}
      <HiddenNote verdict={hidden} what="Текст отзыва скрыт от всех" />
      <HiddenNote verdict={reply?.hidden} what="Ваш ответ скрыт от всех" />
      <ReplyForm review={review} />
    </>
  );
}
