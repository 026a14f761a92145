import type { Problem } from './problem';

const changing = new Set([
  'role_required',
  'role_unavailable',
  'consent_required',
  'account_inactive',
  'acting_changed',
  'membership_stale',
]);

/** Whether a refusal says that the session is over, or that its role or consent no longer stands. */
export function concernsSession({ status, code }: Problem): boolean {
  return status === 401 || changing.has(code);
}

const listeners = new Set<() => void>();

/** Any request may be the one that finds the session changed or over; the frame listens. */
export const sessionLost = {
  see(problem: Problem): void {
    if (concernsSession(problem)) for (const listener of listeners) listener();
  },
  listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
