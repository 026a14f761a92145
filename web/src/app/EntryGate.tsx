import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { ProblemError } from '../api/problem';
import { sessionLost } from '../api/sessionSignal';
import { PageLoading } from '../components/PageLoading';
import { ProblemAlert } from '../components/ProblemAlert';
import { pendingStep, startPath, withReturn } from './entrySteps';
import { SessionEnded } from './SessionEnded';
import { sessionQuery } from './session';

const isOver = (error: unknown) => error instanceof ProblemError && error.status === 401;

/**
 * Lets in who has come all the way: signed in, a role, consent. When the session ends later, the page stays with what was typed
 * into it, under a window that leads back.
 */
export function EntryGate({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation();
  const { data: session, error, refetch } = useQuery(sessionQuery);
  const over = useSessionLoss();
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
      {children}
      <SessionEnded open={over || isOver(error)} returnTo={here} />
    </>
  );
}

/** Whether any request has found the session over. A changed role or consent is read anew. */
function useSessionLoss(): boolean {
  const queries = useQueryClient();
  const [over, setOver] = useState(false);
  useEffect(
    () =>
      sessionLost.listen((loss) => {
        if (loss === 'over') setOver(true);
        else void queries.invalidateQueries(sessionQuery);
      }),
    [queries],
  );
  return over;
}
