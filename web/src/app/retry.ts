import { offline, ProblemError } from '@/shared/api/problem';

const maxAttempts = 3;
const maxDelay = 30_000;

/**
 * Reports whether a failed query is repeated: only without a connection, after 429 and after a
 * gateway error. Other refusals of the API would stay the same.
 */
export function shouldRetry(failures: number, error: Error): boolean {
  if (failures >= maxAttempts || !(error instanceof ProblemError)) return false;
  return error.code === offline || error.status === 429 || error.status >= 502;
}

/**
 * Returns the milliseconds before the next attempt: what the API asked for in Retry-After or an
 * exponential backoff, and up to a second of jitter, so that many pages do not come back at once.
 */
export function retryDelay(failures: number, error: Error): number {
  const requested = error instanceof ProblemError ? error.retryAfter * 1000 : 0;
  const backoff = 1000 * 2 ** failures;
  return Math.min(maxDelay, Math.max(requested, backoff) + Math.random() * 1000);
}
