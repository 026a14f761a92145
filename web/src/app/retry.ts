import { offline, ProblemError } from '@/shared/api/problem';

const attempts = 3;
const longestPause = 30_000;

/** A reading is repeated only where that may help: the API's refusals stay what they are, but for the one that says "later". */
export function worthRepeating(failures: number, error: Error): boolean {
  if (failures >= attempts || !(error instanceof ProblemError)) return false;
  return error.code === offline || error.status === 429 || error.status >= 502;
}

/** How long to wait for the next try: as long as the API asked, and a little longer each time, so that many pages do not come back at once. */
export function pauseBefore(failures: number, error: Error): number {
  const asked = error instanceof ProblemError ? error.retryAfter * 1000 : 0;
  const own = 1000 * 2 ** failures;
  return Math.min(longestPause, Math.max(asked, own) + Math.random() * 1000);
}
