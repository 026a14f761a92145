import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { queryKeys } from '@/shared/queryKeys';
import { api, ask, type Schema } from './client';

// The lists that forms and filters offer.

/** A reference list that changes with the program only, and where to read it. */
export interface CodedList {
  queryKey: string[];
  queryFn: (context: { signal: AbortSignal }) => Promise<Schema<'Coded'>[] | null>;
}

export const workKinds: CodedList = {
  queryKey: queryKeys.reference.workKinds,
  queryFn: async ({ signal }) => (await ask(api.GET('/api/reference/work-kinds', { signal }))).items,
};

export const regions: CodedList = {
  queryKey: queryKeys.reference.regions,
  queryFn: async ({ signal }) => (await ask(api.GET('/api/reference/regions', { signal }))).items,
};

/** The stages under the manual's names. */
export const stages = {
  queryKey: queryKeys.reference.stages,
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await ask(api.GET('/api/reference/stages', { signal }))).items,
} satisfies CodedList;

/** Cities whose names begin so, of one region if it is given. */
export const citiesQuery = (q: string, region: string | undefined) =>
  queryOptions({
    queryKey: queryKeys.reference.cities(q, region),
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/reference/cities', { params: { query: { q, ...(region && { region }) } }, signal })))
        .items,
    staleTime: 'static',
    placeholderData: keepPreviousData,
    enabled: q.length > 0,
  });
