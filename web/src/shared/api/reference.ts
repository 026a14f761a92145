import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { api, unwrap, type Schema } from './client';

// The reference lists of forms and filters.

/** A reference list and how to read it. It changes only with a release. */
export interface CodedList {
  queryKey: string[];
  queryFn: (context: { signal: AbortSignal }) => Promise<Schema<'Coded'>[] | null>;
}

export const workKinds: CodedList = {
  queryKey: queryKeys.reference.workKinds,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/reference/work-kinds', { signal }))).items,
};

export const regions: CodedList = {
  queryKey: queryKeys.reference.regions,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/reference/regions', { signal }))).items,
};

/** The stages with their names in the manual. */
export const stages = {
  queryKey: queryKeys.reference.stages,
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await unwrap(api.GET('/api/reference/stages', { signal }))).items,
} satisfies CodedList;

/** The cities whose names begin with q, of one region if it is given. */
export const citiesQuery = (q: string, region: string | undefined) =>
  queryOptions({
    queryKey: queryKeys.reference.cities(q, region),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/reference/cities', { params: { query: { q, ...(region && { region }) } }, signal })))
        .items,
    staleTime: 'static',
    placeholderData: keepPreviousData,
    enabled: q.length > 0,
  });

/** How pages find КриптоПро's plug-in. */
export const signingQuery = queryOptions({
  queryKey: queryKeys.reference.signing,
  queryFn: ({ signal }) => unwrap(api.GET('/api/reference/signing', { signal })),
  staleTime: 'static',
});
