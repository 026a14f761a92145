import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Navigate, useLocation } from 'react-router';
import { sessionLost } from '@/shared/api/sessionSignal';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { pendingStep, startPath, withReturn } from '@/shared/auth/entrySteps';
import { OtherAccount } from './OtherAccount';
import { RenewAuthority } from './RenewAuthority';
import { SessionEnded } from './SessionEnded';
import { isOtherAccount, isOver, sessionQuery } from '@/shared/auth/session';
import { leaveEmpty, onNews } from '@/shared/auth/tabs';

/**
 * Lets in who has come all the way: signed in, a role, consent. When the session ends later, the page stays with what was typed
 * into it, under a window that leads back.
 */
export function EntryGate({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const { data: session, error, refetch } = useQuery(sessionQuery);
  useSessionLoss();
  const here = pathname + search;
  if (!session) {
    if (isOver(error)) return <Navigate to={withReturn(startPath, here)} replace />;
    if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
    return <PageLoading />;
  }
  const step = pendingStep(session);
  if (step && !isOver(error)) return <Navigate to={withReturn(step, here)} replace />;
  return (
    <>
      {/* Nothing of the page is to be read once nobody is signed in; what was typed into it stays. */}
      <div hidden={isOver(error)}>{children}</div>
      <SessionEnded open={isOver(error)} returnTo={here} />
      <RenewAuthority open={session.renew === true && !error} returnTo={here} />
      <OtherAccount open={isOtherAccount(error)} shown={session} />
    </>
  );
}

/** Any request may find the session over, or its role or consent changed: it is read anew, but for what this very reading found. */
function useSessionLoss(): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      onNews((news) => {
        if (news === 'signed-out') leaveEmpty(startPath);
        else void queries.invalidateQueries(sessionQuery);
      }),
    [queries],
  );
  useEffect(
    () => sessionLost.listen(() => void queries.invalidateQueries(sessionQuery, { cancelRefetch: false })),
    [queries],
  );
}
