import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { IdempotencyKeys } from '@/shared/lib/idempotencyKeys';
import { storageOr } from '@/shared/lib/memoryStorage';
import { queryKeys } from '@/shared/queryKeys';

export type SavedSearch = Schema<'SavedSearch'>;

const keys = new IdempotencyKeys(storageOr('sessionStorage'));

/** The saved searches of the engineer, by name. */
export const savedSearchesQuery = queryOptions({
  queryKey: queryKeys.savedSearches,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/saved-searches', { signal }))).items,
});

function useInvalidate() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: queryKeys.savedSearches });
}

type NewSearch = Pick<SavedSearch, 'name' | 'notify' | 'filters'>;

/** Saves a search; the same values count as the same search until the answer arrives. */
export function useCreateSearch() {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: async (body: NewSearch) => {
      const action = 'saved-search';
      const key = keys.keyFor(action, body);
      try {
        const saved = await unwrap(
          api.POST('/api/saved-searches', { params: { header: { 'Idempotency-Key': key } }, body }),
        );
        keys.forget(action, key);
        return saved;
      } catch (error) {
        if (error instanceof ProblemError && error.status < 500) keys.forget(action, key);
        throw error;
      }
    },
    onSettled: invalidate,
  });
}

type Change = Pick<SavedSearch, 'id' | 'version' | 'name' | 'notify'>;

export function useChangeSearch() {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: ({ id, ...body }: Change) =>
      unwrap(api.PUT('/api/saved-searches/{search}', { params: { path: { search: id } }, body })),
    onSettled: invalidate,
  });
}

export function useDeleteSearch() {
  const invalidate = useInvalidate();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE('/api/saved-searches/{search}', { params: { path: { search: id } } })),
    onSettled: invalidate,
  });
}
