import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { startPath, withReturn } from '@/shared/auth/entrySteps';
import { type Session, sessionQuery } from '@/shared/auth/session';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';

interface Props {
  children: (session: Session, returnTo: string | null) => ReactNode;
}

/**
 * Renders a step that needs a session, but no role and no consent. Without a session the entry
 * starts again.
 */
export function EntryStep({ children }: Props) {
  const [search] = useSearchParams();
  const returnTo = search.get('returnTo');
  const { data: session, error, refetch } = useQuery(sessionQuery);
  if (error instanceof ProblemError && error.status === 401)
    return <Navigate to={withReturn(startPath, returnTo)} replace />;
  if (session) return children(session, returnTo);
  return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
}
