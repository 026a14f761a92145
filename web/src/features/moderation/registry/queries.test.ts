import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextAfter, type Run, runQuery, runsQuery } from './queries';

/** How soon a query whose data is this is read again, ms; false for never. */
const intervalOf = (query: { refetchInterval?: unknown }, data: unknown) =>
  (query.refetchInterval as (query: object) => number | false)({ state: { data } });

const pages = (...items: Partial<Run>[]) => ({ pages: [{ items: items as Run[], total: items.length }] });

describe('the runs of the registry', { meta: { covers: ['S-18'] } }, () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are looked at while one is under way', () => {
    expect(intervalOf(runsQuery({}), pages({ id: 'a', verdict: 'running' }))).toBeGreaterThan(0);
    expect(intervalOf(runsQuery({}), pages({ id: 'a', verdict: 'completed' }))).toBe(false);
    expect(intervalOf(runQuery('a'), { verdict: 'running' })).toBeGreaterThan(0);
  });

  it('are looked at for one that was asked for until it is there, and not for ever', () => {
    const before = pages({ id: 'a', verdict: 'completed' });
    const awaiting = runsQuery({}, nextAfter(before.pages));
    expect(intervalOf(awaiting, before)).toBeGreaterThan(0);
    expect(intervalOf(awaiting, pages({ id: 'b', verdict: 'noop' }, { id: 'a', verdict: 'completed' }))).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(intervalOf(awaiting, before)).toBe(false);
  });

  it('are looked at while a decision is on its way, and not while one waits for a person', () => {
    expect(intervalOf(runQuery('a', true), { verdict: 'held' })).toBeGreaterThan(0);
    expect(intervalOf(runQuery('a', true), { verdict: 'completed' })).toBe(false);
    expect(intervalOf(runQuery('a'), { verdict: 'held' })).toBe(false);
  });
});
