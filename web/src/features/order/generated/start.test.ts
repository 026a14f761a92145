import { describe, expect, it } from 'vitest';
import { startOf } from './start';

interface Values {
  number: string;
  place: string;
  until?: string;
}

const filled: Values = { number: '77-1', place: 'Москва' };
const last: Values = { number: 'А-2', place: 'Тверь', until: '2026-12-24' };

describe('the form of a generated document', { meta: { covers: ['R-GEN-3'] } }, () => {
  it('begins with what was typed on the device, and takes nothing from the last document', () => {
    const draft = { number: 'А-3' } as Values;
    expect(startOf({ draft, last, filled })).toEqual({
      values: { number: 'А-3', place: 'Москва' },
      origin: 'draft',
    });
  });

  it('begins with the last document on a device without a draft, as it was', () => {
    expect(startOf({ draft: undefined, last, filled })).toEqual({ values: last, origin: 'last' });
    const unlimited: Values = { number: 'А-2', place: 'Тверь' };
    const limited = { ...filled, until: '2026-12-31' };
    expect(startOf({ draft: undefined, last: unlimited, filled: limited }).values, 'what he left out').toEqual(
      unlimited,
    );
  });

  it('begins with what the platform fills in if there is neither', () => {
    expect(startOf({ draft: undefined, last: undefined, filled })).toEqual({ values: filled, origin: 'platform' });
  });
});
