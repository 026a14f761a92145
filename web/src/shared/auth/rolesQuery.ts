import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** The roles that the signed-in person may take, and the organisations that he may not act for. */
export const rolesQuery = queryOptions({
  queryKey: queryKeys.roles,
  queryFn: ({ signal }) => unwrap(api.GET('/api/auth/roles', { signal })),
});
