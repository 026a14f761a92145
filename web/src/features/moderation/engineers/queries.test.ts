import { expect, it } from 'vitest';
import { engineerQuery } from './queries';

it('looks at an engineer while a decision on him is being carried out', () => {
  const interval = engineerQuery('e').refetchInterval as (query: object) => number | false;
  const of = (...applied: boolean[]) =>
    interval({ state: { data: { decisions: applied.map((one) => ({ applied: one })) } } });
  expect(of(false, true)).toBeGreaterThan(0);
  expect(of(true, true)).toBe(false);
  expect(of()).toBe(false);
});
