import type { Schema } from '@/shared/api/client';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { formatDay } from '@/shared/lib/dates';
import { counted } from '@/shared/lib/plural';
import { countedMarks, progressText, ratingText, refusalsText, type Statistics } from './labels';
import './reviews.css';

/** Shows the average of the marks and their number: «4,67, 12 оценок». */
export function Rating({ statistics: { rating, marks } }: { statistics: Pick<Statistics, 'rating' | 'marks'> }) {
  if (rating === undefined) return <span className="note">нет оценок</span>;
  return (
    <span className="rating">
      <span aria-hidden>★</span> <strong>{ratingText(rating)}</strong>{' '}
      <span className="note">{counted(marks, 'оценка', 'оценки', 'оценок')}</span>
    </span>
  );
}

/** Shows how many times each mark was given, as a list with bars, and which marks count. */
export function MarkCounts({ counts }: { counts: readonly Schema<'MarkCount'>[] }) {
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return (
    <>
      <ul className="mark-counts" aria-label="Сколько каких оценок">
        {[5, 4, 3, 2, 1].map((mark) => {
          const count = counts.find((one) => one.mark === mark)?.count ?? 0;
          return (
            <li key={mark}>
              <span>{mark}</span>
              <progress max={most} value={count} aria-hidden />
              <span>{count}</span>
            </li>
          );
        })}
      </ul>
      <p className="note">{countedMarks}</p>
    </>
  );
}

/** Shows the numbers of an engineer with their names. */
export function StatisticsFacts({ statistics, more = [] }: { statistics: Statistics; more?: readonly Fact[] }) {
  return (
    <Facts
      items={[
        ['Рейтинг', <Rating key="rating" statistics={statistics} />],
        ['Выполнено заказов', String(statistics.completed)],
        ['Успешно выполнено', String(statistics.successful)],
        ['Завершенность заказов в работе', progressText(statistics)],
        ['Отказы', refusalsText(statistics)],
        ['Последнее изменение', statistics.lastActive && formatDay(statistics.lastActive)],
        ...more,
      ]}
    />
  );
}
