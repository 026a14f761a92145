import type { Problem } from './problem';

/** What a refusal says of the session: it is over, or its role or consent no longer stands. */
export type SessionLoss = 'over' | 'changed';

const changing = new Set(['role_required', 'role_unavailable', 'consent_required', 'engineer_blocked', 'account_inactive']);

/** lossOf tells whether a problem concerns the session at all. */
export function lossOf(problem: Problem): SessionLoss | undefined {
  if (problem.status === 401) return 'over';
  return changing.has(problem.code) ? 'changed' : undefined;
}

type Listener = (loss: SessionLoss) => void;

const listeners = new Set<Listener>();

/** Any request may be the one that finds the session over; the frame listens. */
export const sessionLost = {
  see(problem: Problem): void {
    const loss = lossOf(problem);
    if (loss) for (const listener of listeners) listener(loss);
  },
  listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
