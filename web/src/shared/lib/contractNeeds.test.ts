import { describe, expect, it } from 'vitest';
import { missingText } from './contractNeeds';

describe('what a contract needs', { meta: { covers: ['S-31'] } }, () => {
  it('is named in the order of the page', () => {
    expect(missingText(['address', 'bank'])).toBe('адрес; банк и расчетный счет');
    expect(missingText([])).toBe('');
  });
});
