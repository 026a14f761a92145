import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

export type Run = Schema<'RegistryRun'>;
export type RunReport = Schema<'RegistryRunReport'>;
export type Difference = Schema<'RegistryDifference'>;

/** The filters by their names in the address, which are those of the API. */
export const oneFilters = ['startedFrom', 'startedTo'] as const;
export const manyFilters = ['verdict'] as const;

type Query = NonNullable<paths['/api/registry/runs']['get']['parameters']['query']>;

/** How often a run under way is looked at, ms: no event tells of it. */
const lookEvery = 2_000;

/** How long a run that was asked for is looked for, ms: a filter may hide it, and while another one is under way none begins. */
const lookFor = 60_000;

/** What a run that was asked for will come after: the newest of the list, if there was one; and until when it is looked for. */
export interface Awaited {
  newest: string | undefined;
  until: number;
}

const newestOf = (pages: readonly { items: Run[] | null }[] | undefined) => pages?.[0]?.items?.[0]?.id;

/** The run that comes after what the list shows now. */
export const nextAfter = (pages: Parameters<typeof newestOf>[0]): Awaited => ({
  newest: newestOf(pages),
  until: Date.now() + lookFor,
});

/** The reports of the registry's nights, the newest first, page by page. One that is awaited is looked for until it is there, for a minute at most. */
export const runsQuery = (
  filters: Filters<(typeof oneFilters)[number], (typeof manyFilters)[number]>,
  awaited?: Awaited,
) =>
  infiniteQueryOptions({
    queryKey: queryKeys.registry.runs(filters),
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/registry/runs', {
          params: { query: { ...(filters as Query), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) => {
      const coming = awaited && Date.now() < awaited.until && newestOf(data?.pages) === awaited.newest;
      const underWay = data?.pages.some(({ items }) => items?.some(({ verdict }) => verdict === 'running'));
      return coming || underWay ? lookEvery : false;
    },
  });

/** The report of one run. Where a decision is awaited, it is looked at until the run is held no more. */
export const runQuery = (run: string, awaited = false) =>
  queryOptions({
    queryKey: queryKeys.registry.run(run),
    queryFn: ({ signal }) => ask(api.GET('/api/registry/runs/{run}', { params: { path: { run } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.verdict === 'running' || (awaited && state.data?.verdict === 'held') ? lookEvery : false,
  });
