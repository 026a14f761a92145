import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema.gen';
import type { Filters } from '@/shared/ui/list/useFilters';
import { queryKeys } from '@/shared/queryKeys';
import { endOfDay, startOfDay } from './days';

export const oneFilters = ['name', 'person', 'from', 'to'] as const;
export const manyFilters = ['kind'] as const;

type Query = NonNullable<paths['/api/moderation/security-events']['get']['parameters']['query']>;

/** The security log, newest first, page by page. */
export const securityQuery = ({
  from,
  to,
  ...others
}: Filters<(typeof oneFilters)[number], (typeof manyFilters)[number]>) =>
  infiniteQueryOptions({
    queryKey: queryKeys.securityEvents({ from, to, ...others }),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...(others as Query),
        ...(from && { from: startOfDay(from) }),
        ...(to && { to: endOfDay(to) }),
        ...(pageParam && { cursor: pageParam }),
      };
      return unwrap(api.GET('/api/moderation/security-events', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
