import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import { queryKeys } from '@/shared/queryKeys';

export type SavedSearch = Schema<'SavedSearch'>;

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
    mutationFn: (body: NewSearch) =>
      underKey('saved-search', body, (key) =>
        unwrap(api.POST('/api/saved-searches', { params: { header: { 'Idempotency-Key': key } }, body })),
      ),
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
