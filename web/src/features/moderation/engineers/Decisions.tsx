import { useInfiniteQuery } from '@tanstack/react-query';
import type { Schema } from '@/shared/api/client';
import { PagedList } from '@/shared/ui/list/PagedList';
import { formatDateTime } from '@/shared/lib/dates';
import { decisionsQuery } from './queries';

/**
 * Lists the moderators' decisions on an engineer with their reasons, the newest first, page by
 * page.
 */
export function Decisions({ engineer }: { engineer: string }) {
  return (
    <PagedList query={useInfiniteQuery(decisionsQuery(engineer))} empty="Решений пока не было.">
      {(decisions) => <DecisionList decisions={decisions} />}
    </PagedList>
  );
}

function DecisionList({ decisions }: { decisions: Schema<'PastDecision'>[] }) {
  return (
    <ul className="decisions">
      {decisions.map(({ id, blocked, reason, moderator, decidedAt, applied, overtaken }) => (
        <li key={id}>
          <strong>{blocked ? 'Заблокирован' : 'Блокировка снята'}</strong>{' '}
          <span className="note">
            {formatDateTime(decidedAt)}, {moderator}
          </span>
          {!applied && (
            <span className="note">
              {' '}
              · {overtaken ? 'не исполнено: раньше пришло более позднее решение' : 'исполняется'}
            </span>
          )}
          <div className="user-text">{reason}</div>
        </li>
      ))}
    </ul>
  );
}
