import { describe, expect, it } from 'vitest';
import { readFilters, writeFilters } from './useFilters';

const read = (query: string) => readFilters(new URLSearchParams(query), ['number', 'unread'], ['region']);
const write = (before: string, values: Record<string, unknown>) =>
  writeFilters(new URLSearchParams(before), values, ['number', 'unread', 'region']).toString();

describe('filters in the address', { meta: { covers: ['R-UI-6'] } }, () => {
  it('reads what it wrote', () => {
    const values = { number: '12', region: ['69', '77'], unread: 'true' };
    expect(read(write('', values))).toEqual(values);
  });

  it('omits empty filters', () => {
    expect(write('number=1&region=77', { number: ' ', region: [], unread: false })).toBe('');
    expect(read('number=&region=')).toEqual({});
  });

  it('keeps the other parameters and removes the cursor', () => {
    expect(write('tab=open&cursor=9&number=1', { number: '2' })).toBe('tab=open&number=2');
  });

  it('ignores parameters that are no filters of the list', () => expect(read('evil=1')).toEqual({}));
});
