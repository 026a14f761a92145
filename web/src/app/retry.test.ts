import { describe, expect, it } from 'vitest';
import { type Problem, ProblemError } from '@/shared/api/problem';
import { retryDelay, shouldRetry } from './retry';

const refused = (status: number, retryAfter = 0) =>
  new ProblemError(
    { type: '', title: '', detail: '', code: 'too_many_requests', status } satisfies Problem,
    retryAfter,
  );

describe('the retry of a failed query', () => {
  it('happens after 429 and 503, and a limited number of times', () => {
    expect(shouldRetry(0, refused(429))).toBe(true);
    expect(shouldRetry(3, refused(429))).toBe(false);
    expect(shouldRetry(0, refused(503))).toBe(true);
    expect(shouldRetry(0, refused(404))).toBe(false);
    expect(shouldRetry(0, new Error('a fault of the page'))).toBe(false);
  });

  it('waits as long as Retry-After says, and no longer than half a minute', () => {
    expect(retryDelay(0, refused(429, 7))).toBeGreaterThanOrEqual(7000);
    expect(retryDelay(0, refused(429, 7))).toBeLessThan(8001);
    expect(retryDelay(2, refused(503))).toBeGreaterThanOrEqual(4000);
    expect(retryDelay(0, refused(429, 3600))).toBe(30_000);
  });
});
