import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { engineersPath } from '@/shared/auth/entrySteps';
import { useSession } from '@/shared/auth/session';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { ownRatingQuery } from './queries';
import { MarkCounts, StatisticsFacts } from './Rating';

/** Shows the signed-in engineer his own rating and numbers, also while he is not listed. */
export function OwnRating() {
  const { party } = useSession();
  const { data, error, refetch } = useQuery(ownRatingQuery);
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return (
    <>
      <StatisticsFacts statistics={data.statistics} />
      {data.statistics.marks > 0 && <MarkCounts counts={data.markCounts} />}
      {data.listed && party ? (
        <p>
          <Link to={`${engineersPath}/${party}`}>Как ваш профиль видят другие</Link>
        </p>
      ) : (
        <p className="note">
          Сейчас вас нет в общем списке: заказчики находят только тех, кто действует в реестре и заполнил обязательные
          поля профиля.
        </p>
      )}
    </>
  );
}
