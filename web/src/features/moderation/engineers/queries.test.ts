import { expect, it } from 'vitest';
import { engineerQuery } from './queries';

it('polls an engineer while a decision on him is being carried out', () => {
  const interval = engineerQuery('e').refetchInterval as (query: object) => number | false;
  const intervalWith = (...applied: boolean[]) =>
    interval({ state: { data: { decisions: applied.map((one) => ({ applied: one })) } } });
  expect(intervalWith(false, true)).toBeGreaterThan(0);
  expect(intervalWith(true, true)).toBe(false);
  expect(intervalWith()).toBe(false);
});
