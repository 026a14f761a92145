import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask } from './client';
import type { CodedList } from '@/shared/ui/fields/CodedSelect';

// The lists that forms and filters offer.

export const workKinds: CodedList = {
  queryKey: ['reference', 'work-kinds'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/reference/work-kinds', { signal }))).items,
};

export const regions: CodedList = {
  queryKey: ['reference', 'regions'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/reference/regions', { signal }))).items,
};

/** The stages under the manual's names. */
export const stages = {
  queryKey: ['reference', 'stages'],
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await ask(api.GET('/api/reference/stages', { signal }))).items,
} satisfies CodedList;

/** Cities whose names begin so, of one region if it is given. */
export const citiesQuery = (q: string, region: string | undefined) =>
  queryOptions({
    queryKey: ['reference', 'cities', q, region],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/reference/cities', { params: { query: { q, ...(region && { region }) } }, signal })))
        .items,
    staleTime: 'static',
    placeholderData: keepPreviousData,
    enabled: q.length > 0,
  });
