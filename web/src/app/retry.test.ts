import { describe, expect, it } from 'vitest';
import { type Problem, ProblemError } from '@/shared/api/problem';
import { pauseBefore, worthRepeating } from './retry';

const refused = (status: number, retryAfter = 0) =>
  new ProblemError(
    { type: '', title: '', detail: '', code: 'too_many_requests', status } satisfies Problem,
    retryAfter,
  );

describe('a reading that is refused', () => {
  it('is repeated when there were too many, and not for ever', () => {
    expect(worthRepeating(0, refused(429))).toBe(true);
    expect(worthRepeating(3, refused(429))).toBe(false);
    expect(worthRepeating(0, refused(503))).toBe(true);
    expect(worthRepeating(0, refused(404))).toBe(false);
    expect(worthRepeating(0, new Error('of the page'))).toBe(false);
  });

  it('waits as long as it was asked to, and no longer than half a minute', () => {
    expect(pauseBefore(0, refused(429, 7))).toBeGreaterThanOrEqual(7000);
    expect(pauseBefore(0, refused(429, 7))).toBeLessThan(8001);
    expect(pauseBefore(2, refused(503))).toBeGreaterThanOrEqual(4000);
    expect(pauseBefore(0, refused(429, 3600))).toBe(30_000);
  });
});
