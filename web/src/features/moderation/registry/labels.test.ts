import { describe, expect, it } from 'vitest';
import { durationText, shareText, verdictOptions } from './labels';

describe('the labels of a run', { meta: { covers: ['S-18'] } }, () => {
  it('format durations in a readable unit', () => {
    expect(durationText(340)).toBe('340\u00a0мс');
    expect(durationText(2540)).toBe('2,5\u00a0с');
    expect(durationText(200_400)).toBe('3\u00a0мин 20\u00a0с');
  });

  it('format losses as a share, and as a dash without active engineers', () => {
    expect(shareText(53, 1000)).toBe('5,3\u00a0%');
    expect(shareText(0, 0)).toBe('—');
  });

  it('exist for every verdict', () => {
    expect(verdictOptions).toHaveLength(8);
    expect(new Set(verdictOptions.map(({ label }) => label)).size).toBe(8);
  });
});
