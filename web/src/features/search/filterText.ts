import type { Schema } from '@/shared/api/client';
import { formatDay } from '@/shared/lib/dates';
import { counted } from '@/shared/lib/plural';
import type { FilterChip } from '@/shared/ui/list/FilterChips';
import type { SearchFilters } from './queries';

type SavedFilters = Schema<'OrderFilters'>;

/** Returns the name of a code; the code itself while the list is loading. */
export type NameOf = (list: 'region' | 'workKind', code: string) => string;

const customers: Record<NonNullable<SavedFilters['customer']>[number], string> = {
  individuals: 'физические лица',
  organisations: 'юридические лица',
};

const sorts: Record<string, string> = { published: 'по дате публикации', urgency: 'по срочности' };

const texts: Record<Exclude<keyof SearchFilters, 'region' | 'workKind' | 'customer'>, (value: string) => string> = {
  place: (value) => `место: ${value}`,
  number: (value) => `номер: ${value}`,
  termDateTo: (value) => `срок до ${formatDay(value)}`,
  termDaysTo: (value) => `срок не больше ${counted(Number(value), 'дня', 'дней', 'дней')}`,
  withoutResponses: () => 'без откликов',
  prepayment: () => 'с предоплатой',
  priced: () => 'указана стоимость',
  sort: (value) => `сортировка: ${sorts[value] ?? value}`,
};

/** Returns each filter as a chip. */
export function chipsOf(filters: SearchFilters, nameOf: NameOf): FilterChip<SearchFilters>[] {
  return (Object.keys(filters) as (keyof SearchFilters)[]).flatMap((name) => {
    if (name === 'region' || name === 'workKind' || name === 'customer') {
      const codes = filters[name] ?? [];
      return codes.map((code) => ({
        text: name === 'customer' ? (customers[code as keyof typeof customers] ?? code) : nameOf(name, code),
        without: { ...filters, [name]: codes.filter((other) => other !== code) },
      }));
    }
    const value = filters[name];
    return value ? [{ text: texts[name](value), without: { ...filters, [name]: undefined } }] : [];
  });
}

/** Returns the filters of a saved search as the address contains them. */
export function fromSaved(saved: SavedFilters): SearchFilters {
  const entries = Object.entries(saved).flatMap(([name, value]): [string, string | string[]][] =>
    value === null || value === false || value === '' ? [] : [[name, Array.isArray(value) ? value : String(value)]],
  );
  return Object.fromEntries(entries);
}

/** Returns the filters of the address as a saved search contains them; how to sort is not saved. */
export function toSaved(filters: SearchFilters): SavedFilters {
  const numbers = ['termDaysTo'];
  const flags = ['withoutResponses', 'prepayment', 'priced'];
  const kept = Object.entries(filters).filter(([name]) => name !== 'sort');
  const entries = kept.map(([name, value]): [string, unknown] => {
    if (numbers.includes(name)) return [name, Number(value)];
    return [name, flags.includes(name) ? value === 'true' : value];
  });
  return Object.fromEntries(entries);
}

/** Returns the address of the search with these filters. */
export function addressOf(filters: SearchFilters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) search.append(name, one);
  }
  const query = search.toString();
  return `/orders/search${query ? `?${query}` : ''}`;
}

/** Whether the filters exclude anything: a sorting alone does not. */
export const isFiltered = (filters: SearchFilters) =>
  Object.entries(filters).some(([name, value]) => name !== 'sort' && (Array.isArray(value) ? value.length > 0 : value));
