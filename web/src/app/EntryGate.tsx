import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { Navigate, useLocation } from 'react-router';
import { sessionSignal } from '@/shared/api/sessionSignal';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { pendingStep, startPath, withReturn } from '@/shared/auth/entrySteps';
import { OtherAccount } from './OtherAccount';
import { RenewAuthority } from './RenewAuthority';
import { SessionEnded } from './SessionEnded';
import { isOtherAccount, isUnauthorized, sessionQuery } from '@/shared/auth/session';
import { clearAndLeave, onTabMessage } from '@/shared/auth/tabs';

/**
 * Renders its children only for a user who has signed in, chosen a role and given the consent. When
 * the session ends later, the page keeps what was typed into it, hidden under a dialog that leads
 * back to the sign-in.
 */
export function EntryGate({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const { data: session, error, refetch } = useQuery(sessionQuery);
  useSessionRefetch();
  const here = pathname + search;
  if (!session) {
    if (isUnauthorized(error)) return <Navigate to={withReturn(startPath, here)} replace />;
    if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
    return <PageLoading />;
  }
  const step = pendingStep(session);
  if (step && !isUnauthorized(error)) return <Navigate to={withReturn(step, here)} replace />;
  return (
    <>
      {/* Without a session the page is hidden, but what was typed into it stays. */}
      <div hidden={isUnauthorized(error)}>{children}</div>
      <SessionEnded open={isUnauthorized(error)} returnTo={here} />
      <RenewAuthority open={session.renew === true && !error} returnTo={here} />
      <OtherAccount open={isOtherAccount(error)} shown={session} />
    </>
  );
}

/**
 * Reads the session again when another tab or a failed request reports a change of it.
 * cancelRefetch is false, so that a report caused by this query itself does not restart it.
 */
function useSessionRefetch(): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      onTabMessage((event) => {
        if (event === 'signed-out') clearAndLeave(startPath);
        else void queries.invalidateQueries(sessionQuery);
      }),
    [queries],
  );
  useEffect(
    () => sessionSignal.listen(() => void queries.invalidateQueries(sessionQuery, { cancelRefetch: false })),
    [queries],
  );
}
