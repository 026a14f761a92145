import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schema } from '../../../api/client';
import type { paths } from '../../../api/schema.gen';
import type { Filters } from '../../../components/list/useFilters';

export type Run = Schema<'RegistryRun'>;
export type RunReport = Schema<'RegistryRunReport'>;
export type Difference = Schema<'RegistryDifference'>;

/** The filters by their names in the address, which are those of the API. */
export const oneFilters = ['startedFrom', 'startedTo'] as const;
export const manyFilters = ['verdict'] as const;

type Query = NonNullable<paths['/api/registry/runs']['get']['parameters']['query']>;

/** How often a run under way is looked at, ms: no event tells of it. */
const lookEvery = 3_000;

/** The reports of the registry's nights, the newest first, page by page. */
export const runsQuery = (filters: Filters<(typeof oneFilters)[number], (typeof manyFilters)[number]>) =>
  infiniteQueryOptions({
    queryKey: ['registry', 'runs', filters],
    queryFn: ({ pageParam, signal }) =>
      ask(api.GET('/api/registry/runs', { params: { query: { ...(filters as Query), ...(pageParam && { cursor: pageParam }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items?.some(({ verdict }) => verdict === 'running')) ? lookEvery : false),
  });

/** The report of one run. */
export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ['registry', 'run', run],
    queryFn: ({ signal }) => ask(api.GET('/api/registry/runs/{run}', { params: { path: { run } }, signal })),
    refetchInterval: ({ state }) => (state.data?.verdict === 'running' ? lookEvery : false),
  });
