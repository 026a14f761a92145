import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';

export type Run = Schema<'RegistryRun'>;
export type RunReport = Schema<'RegistryRunReport'>;
export type Difference = Schema<'RegistryDifference'>;

/** The names of the filters in the address, which are the API's names. */
export const oneFilters = ['startedFrom', 'startedTo'] as const;
export const manyFilters = ['verdict'] as const;

type Query = NonNullable<paths['/api/registry/runs']['get']['parameters']['query']>;

/** How often a run in progress is polled, in ms: no event reports its completion. */
const pollInterval = 2_000;

/**
 * How long a requested run is polled for, in ms: a filter may hide it, and none begins while
 * another one is in progress.
 */
const pollTimeout = 60_000;

/**
 * A requested run that is polled for: the newest run of the list at the request, if there was one,
 * and the time at which polling ends.
 */
export interface Awaited {
  newest: string | undefined;
  until: number;
}

const newestOf = (pages: readonly { items: Run[] | null }[] | undefined) => pages?.[0]?.items?.[0]?.id;

/** Returns the request for the run after those that the list shows now. */
export const nextAfter = (pages: Parameters<typeof newestOf>[0]): Awaited => ({
  newest: newestOf(pages),
  until: Date.now() + pollTimeout,
});

/**
 * The reports of the sync runs, the newest first, page by page. A requested run is polled for until
 * it appears, for a minute at most.
 */
export const runsQuery = (
  filters: Filters<(typeof oneFilters)[number], (typeof manyFilters)[number]>,
  awaited?: Awaited,
) =>
  infiniteQueryOptions({
    queryKey: queryKeys.registry.runs(filters),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/registry/runs', {
          params: { query: { ...(filters as Query), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) => {
      const requestPending = awaited && Date.now() < awaited.until && newestOf(data?.pages) === awaited.newest;
      const inProgress = data?.pages.some(({ items }) => items?.some(({ verdict }) => verdict === 'running'));
      return requestPending || inProgress ? pollInterval : false;
    },
  });

/** The report of one run. After a decision it is polled until the run no longer awaits approval. */
export const runQuery = (run: string, awaited = false) =>
  queryOptions({
    queryKey: queryKeys.registry.run(run),
    queryFn: ({ signal }) => unwrap(api.GET('/api/registry/runs/{run}', { params: { path: { run } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.verdict === 'running' || (awaited && state.data?.verdict === 'held') ? pollInterval : false,
  });
