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

  it('leaves out what is empty', () => {
    expect(write('number=1&region=77', { number: ' ', region: [], unread: false })).toBe('');
    expect(read('number=&region=')).toEqual({});
  });

  it('keeps the rest of the address and begins the list anew', () => {
    expect(write('tab=open&cursor=9&number=1', { number: '2' })).toBe('tab=open&number=2');
  });

  it('reads no filter that the list does not have', () => expect(read('evil=1')).toEqual({}));
});
