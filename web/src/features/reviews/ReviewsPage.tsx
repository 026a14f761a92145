import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schema } from '@/shared/api/client';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { ListState } from '@/shared/ui/list/ListState';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { formatDateTime } from '@/shared/lib/dates';
import { HiddenNote } from './HiddenNote';
import { ReviewDecisionDialog, type Decided } from './ReviewDecisionDialog';
import { moderatedFilters, moderatedReviewsQuery } from './queries';
import './reviews.css';

type Review = Schema<'ModeratedReview'>;

/** The reviews with their texts for moderators, who hide a text or show it again. */
export default function ReviewsPage() {
  const { filters, apply, reset, count } = useFilters(moderatedFilters);
  const query = useInfiniteQuery(moderatedReviewsQuery(filters));
  const reviews = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const [deciding, setDeciding] = useState<Decided>();
  return (
    <>
      <PageHeading>Отзывы</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <Form.Item
          name="hidden"
          valuePropName="checked"
          getValueProps={(value) => ({ checked: value === true || value === 'true' })}
        >
          <Checkbox>только со скрытыми текстами</Checkbox>
        </Form.Item>
        <Form.Item
          name="changed"
          valuePropName="checked"
          getValueProps={(value) => ({ checked: value === true || value === 'true' })}
        >
          <Checkbox>только изменённые после решения</Checkbox>
        </Form.Item>
      </FilterPanel>
      <ListState
        query={query}
        isEmpty={reviews.length === 0}
        empty="Отзывов с текстом пока нет."
        filterCount={count}
        onResetFilters={reset}
      >
        <ul className="reviews boxed">
          {reviews.map((review) => (
            <li key={review.id}>
              <Moderated review={review} onDecide={setDeciding} />
            </li>
          ))}
        </ul>
        {query.hasNextPage && (
          <Button className="more" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Показать ещё
          </Button>
        )}
      </ListState>
      {deciding && <ReviewDecisionDialog decided={deciding} onClosed={() => setDeciding(undefined)} />}
    </>
  );
}

function Moderated({ review, onDecide }: { review: Review; onDecide: (decided: Decided) => void }) {
  const { order, number, engineer, mark, workKind, text, at, changedAt, hidden, reply, replyHidden, changed } = review;
  const button = (subject: Decided['subject'], isHidden: boolean) => {
    const what = subject === 'review' ? 'отзыв' : 'ответ';
    const title = isHidden ? `Показать ${what}` : `Скрыть ${what}`;
    return (
      <Button onClick={() => onDecide({ review, subject, hide: !isHidden })} aria-label={`${title}: заказ ${number}`}>
        {title}
      </Button>
    );
  };
  return (
    <>
      <div>
        <Link to={`/moderation/engineers/${engineer.id}`}>{engineer.name}</Link>{' '}
        <span className="note">
          оценка {mark} · <Link to={`/orders/${order}`}>заказ {number}</Link> · {workKind.label} · {formatDateTime(at)}
        </span>
      </div>
      <p className="user-text">{text}</p>
      <HiddenNote verdict={hidden} what="Отзыв скрыт" />
      {changed.includes('review') && (
        <p className="hidden-note">Заказчик изменил текст после решения: {formatDateTime(changedAt)}.</p>
      )}
      {button('review', Boolean(hidden))}
      {reply && (
        <blockquote className="reply">
          <div className="note">Ответ инженера</div>
          <p className="user-text">{reply}</p>
          <HiddenNote verdict={replyHidden} what="Ответ скрыт" />
          {changed.includes('reply') && <p className="hidden-note">Инженер изменил ответ после решения.</p>}
          {button('reply', Boolean(replyHidden))}
        </blockquote>
      )}
    </>
  );
}
