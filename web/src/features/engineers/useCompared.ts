import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { maxCompared } from './paths';

const parameter = 'compare';

/** The engineers that were ticked for a comparison. They are in the address, so a reload keeps them. */
export function useCompared() {
  const [search, setSearch] = useSearchParams();
  const ids = search.getAll(parameter).slice(0, maxCompared);
  const set = useCallback(
    (next: readonly string[]) =>
      setSearch(
        (before) => {
          const params = new URLSearchParams(before);
          params.delete(parameter);
          for (const id of next) params.append(parameter, id);
          return params;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return { ids, set };
}
