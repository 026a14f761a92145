import { describe, expect, it } from 'vitest';
import { durationText, shareText, verdictOptions } from './words';

describe('the report of a run', { meta: { covers: ['S-18'] } }, () => {
  it('tells durations in the unit that people read', () => {
    expect(durationText(340)).toBe('340\u00a0мс');
    expect(durationText(2540)).toBe('2,5\u00a0с');
    expect(durationText(200_400)).toBe('3\u00a0мин 20\u00a0с');
  });

  it('tells a loss as a share, and none of nobody', () => {
    expect(shareText(53, 1000)).toBe('5,3\u00a0%');
    expect(shareText(0, 0)).toBe('—');
  });

  it('has a word for every verdict', () => {
    expect(verdictOptions).toHaveLength(8);
    expect(new Set(verdictOptions.map(({ label }) => label)).size).toBe(8);
  });
});
