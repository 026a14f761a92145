import { useInfiniteQuery } from '@tanstack/react-query';
import { PagedList } from '@/shared/ui/list/PagedList';
import { formatDateTime } from '@/shared/lib/dates';
import { accountDecisionsQuery } from './queries';

/** Lists the moderators' decisions on an account with their reasons, the newest first. */
export function AccountDecisions({ person }: { person: string }) {
  return (
    <PagedList query={useInfiniteQuery(accountDecisionsQuery(person))} empty="Решений пока не было.">
      {(decisions) => (
        <ul className="decisions">
          {decisions.map(({ id, active, reason, moderator, decidedAt }) => (
            <li key={id}>
              <strong>{active ? 'Включена' : 'Отключена'}</strong>{' '}
              <span className="note">
                {formatDateTime(decidedAt)}, {moderator}
              </span>
              <div className="user-text">{reason}</div>
            </li>
          ))}
        </ul>
      )}
    </PagedList>
  );
}
