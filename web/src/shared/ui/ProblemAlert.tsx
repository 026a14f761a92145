import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { Link } from 'react-router';
import { type Problem, problemOf } from '@/shared/api/problem';
import { profilePath, renewAddress } from '@/shared/auth/entrySteps';
import { sessionQuery } from '@/shared/auth/session';

interface Props {
  error: unknown;
  /** Adds a button that retries. */
  onRetry?: () => void;
  /** Fields that show their message themselves. The messages of the others are listed here. */
  shownFields?: ReadonlySet<string>;
}

/** Shows a problem with the texts of the API: what happened and what to do. */
export function ProblemAlert({ error, onRetry, shownFields }: Props) {
  if (!error) return null;
  const problem = problemOf(error);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={problem.title}
      description={<ProblemText problem={problem} shownFields={shownFields} />}
      action={
        problem.code === 'authority_stale' ? (
          <RenewAuthority />
        ) : (
          onRetry && <Button onClick={onRetry}>Повторить</Button>
        )
      }
    />
  );
}

/** Links to ЕСИА and back to this page; what was typed is kept on the device. */
function RenewAuthority() {
  const returnTo = window.location.pathname + window.location.search;
  return <Button href={renewAddress(returnTo)}>Подтвердить на Госуслугах</Button>;
}

/** Leads an engineer from the refusal to what is missing in his own profile. */
function OwnProfileLink() {
  const role = useQuery({ ...sessionQuery, enabled: false }).data?.role;
  if (role !== 'engineer') return null;
  return (
    <Link to={profilePath} className="underlined">
      Заполнить профиль
    </Link>
  );
}

function ProblemText({ problem, shownFields }: { problem: Problem; shownFields: ReadonlySet<string> | undefined }) {
  const others = (problem.errors ?? []).filter(({ field }) => !shownFields?.has(field));
  return (
    <>
      <div>{problem.detail}</div>
      {problem.code === 'engineer_profile_incomplete' && <OwnProfileLink />}
      {others.length > 0 && (
        <ul>
          {others.map(({ field, message }) => (
            <li key={field}>{message}</li>
          ))}
        </ul>
      )}
      {problem.requestId && <div className="request-id">Номер запроса для службы поддержки: {problem.requestId}</div>}
    </>
  );
}
