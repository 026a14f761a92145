import { describe, expect, it } from 'vitest';
import { addressOf, chipsOf, fromSaved, isFiltered, toSaved } from './filterText';
import type { SearchFilters } from './queries';

const filters: SearchFilters = {
  region: ['77', '50'],
  customer: ['individuals'],
  place: 'Химки',
  termDateTo: '2030-01-02',
  termDaysTo: '30',
  priced: 'true',
};
const nameOf = (_: string, code: string) => `регион ${code}`;

describe('the filters of a search', { meta: { covers: ['R-KORD-3', 'R-KORD-4', 'R-KORD-5'] } }, () => {
  it('are shown one by one, each with the filters that stay without it', () => {
    const chips = chipsOf(filters, nameOf);
    expect(chips.map(({ text }) => text.replaceAll('\u00a0', ' '))).toEqual([
      'регион 77',
      'регион 50',
      'физические лица',
      'место: Химки',
      'срок до 2 января 2030 г.',
      'срок не больше 30 дней',
      'указана стоимость',
    ]);
    expect(chips[0]?.without).toEqual({ ...filters, region: ['50'] });
    expect(chips[3]?.without.place).toBeUndefined();
  });

  it('are saved with their types and come back as the address has them', () => {
    expect(toSaved({ ...filters, sort: 'urgency' })).toEqual({ ...filters, termDaysTo: 30, priced: true });
    expect(fromSaved(toSaved(filters))).toEqual(filters);
    expect(addressOf(fromSaved({ region: ['77', '50'], priced: true }))).toBe(
      '/orders/search?region=77&region=50&priced=true',
    );
    expect(addressOf({})).toBe('/orders/search');
  });

  it('exclude nothing if there is only a sorting', () => {
    expect(isFiltered({ sort: 'urgency' })).toBe(false);
    expect(isFiltered(filters)).toBe(true);
  });
});
