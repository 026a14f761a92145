import type { Problem } from './problem';

const sessionCodes = new Set([
  'role_required',
  'role_unavailable',
  'consent_required',
  'account_inactive',
  'acting_changed',
  'membership_stale',
]);

/**
 * Reports whether a problem says that the session is over, or that its role or consent is no longer
 * valid.
 */
export function concernsSession({ status, code }: Problem): boolean {
  return status === 401 || sessionCodes.has(code);
}

const listeners = new Set<() => void>();

/**
 * Passes problems that concern the session from any request to the listeners. The entry gate
 * listens.
 */
export const sessionSignal = {
  report(problem: Problem): void {
    if (concernsSession(problem)) for (const listener of listeners) listener();
  },
  listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
