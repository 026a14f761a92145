import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextAfter, type Run, runQuery, runsQuery } from './queries';

/** Returns the refetch interval of a query with this data, in ms; false if it is not polled. */
const intervalOf = (query: { refetchInterval?: unknown }, data: unknown) =>
  (query.refetchInterval as (query: object) => number | false)({ state: { data } });

const pages = (...items: Partial<Run>[]) => ({ pages: [{ items: items as Run[], total: items.length }] });

describe('the runs of the registry', { meta: { covers: ['S-18'] } }, () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are polled while one is in progress', () => {
    expect(intervalOf(runsQuery({}), pages({ id: 'a', verdict: 'running' }))).toBeGreaterThan(0);
    expect(intervalOf(runsQuery({}), pages({ id: 'a', verdict: 'completed' }))).toBe(false);
    expect(intervalOf(runQuery('a'), { verdict: 'running' })).toBeGreaterThan(0);
  });

  it('are polled for a requested run until it appears, for a limited time', () => {
    const before = pages({ id: 'a', verdict: 'completed' });
    const awaiting = runsQuery({}, nextAfter(before.pages));
    expect(intervalOf(awaiting, before)).toBeGreaterThan(0);
    expect(intervalOf(awaiting, pages({ id: 'b', verdict: 'noop' }, { id: 'a', verdict: 'completed' }))).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(intervalOf(awaiting, before)).toBe(false);
  });

  it('are polled while a decision is being carried out, and not before one was sent', () => {
    expect(intervalOf(runQuery('a', true), { verdict: 'held' })).toBeGreaterThan(0);
    expect(intervalOf(runQuery('a', true), { verdict: 'completed' })).toBe(false);
    expect(intervalOf(runQuery('a'), { verdict: 'held' })).toBe(false);
  });
});
