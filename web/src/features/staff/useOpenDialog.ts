import { useSearchParams } from 'react-router';
import { type Verb, verbs } from './labels';

/**
 * Stores the open dialog in the address, so that a sign-in in between leads back to it. The filters
 * of the list stay.
 */
export function useOpenDialog() {
  const [search, setSearch] = useSearchParams();
  const change = (values: Record<string, string | undefined>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(values)) {
          if (value === undefined) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const verb = search.get('decision');
  const employment = search.get('employment');
  return {
    adding: search.has('add'),
    decision: verb && verb in verbs && employment ? { verb: verb as Verb, employment } : undefined,
    add: () => change({ add: '1' }),
    decide: (next: Verb, about: string) => change({ decision: next, employment: about }),
    close: () => change({ add: undefined, decision: undefined, employment: undefined }),
  };
}
