import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { isFilled } from '@/shared/lib/humanText';

/** The filters of a list in the address of its page: a text, or a list of texts. */
export type Filters<One extends string, Many extends string> = Partial<Record<One, string> & Record<Many, string[]>>;

interface FilterState<One extends string, Many extends string> {
  filters: Filters<One, Many>;
  apply: (values: Filters<One, Many>) => void;
  reset: () => void;
  /** The number of filters that are set. */
  count: number;
}

const none: never[] = [];

/**
 * Stores the filters of a list in the page's address, so that they survive a reload and can be
 * shared as a link. The filters object is the same while the address is the same, so callers must
 * pass the same arrays at each call.
 */
export function useFilters<One extends string, Many extends string = never>(
  one: readonly One[],
  many: readonly Many[] = none,
): FilterState<One, Many> {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => readFilters(search, one, many), [search, one, many]);
  const apply = useCallback(
    (values: Filters<One, Many>) => setSearch((before) => writeFilters(before, values, [...one, ...many])),
    [setSearch, one, many],
  );
  const reset = useCallback(() => apply({}), [apply]);
  return { filters, apply, reset, count: Object.keys(filters).length };
}

export function readFilters<One extends string, Many extends string>(
  search: URLSearchParams,
  one: readonly One[],
  many: readonly Many[],
): Filters<One, Many> {
  const found: Record<string, string | string[]> = {};
  for (const name of one) {
    const value = search.get(name);
    if (value) found[name] = value;
  }
  for (const name of many) {
    const values = search.getAll(name).filter((value) => value !== '');
    if (values.length > 0) found[name] = values;
  }
  return found as Filters<One, Many>;
}

/**
 * Returns the address parameters with these filters. The other parameters stay, except for the
 * cursor.
 */
export function writeFilters(
  search: URLSearchParams,
  values: Record<string, unknown>,
  names: readonly string[],
): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete('cursor');
  for (const name of names) {
    next.delete(name);
    const value = values[name];
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const text =
        typeof item === 'string' || typeof item === 'number' ? String(item).trim() : item === true ? 'true' : '';
      if (isFilled(text)) next.append(name, text);
    }
  }
  return next;
}
