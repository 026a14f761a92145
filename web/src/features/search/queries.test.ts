import { describe, expect, it } from 'vitest';
import { excludes } from './queries';

describe('a newly published order', () => {
  it('is excluded by the filters of region and kind of work without asking the API', () => {
    expect(excludes(['50', '77'], '77')).toBe(false);
    expect(excludes(['50'], '77')).toBe(true);
  });

  it('is not excluded without a filter, or if the stream does not report the code', () => {
    expect(excludes(undefined, '77')).toBe(false);
    expect(excludes([], '77')).toBe(false);
    expect(excludes(['50'], undefined)).toBe(false);
  });
});
