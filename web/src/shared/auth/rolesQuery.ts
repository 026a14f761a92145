import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** The roles that the signed-in person may take, and the organisations that he may not act for. */
export const rolesQuery = queryOptions({
  queryKey: queryKeys.roles,
  queryFn: ({ signal }) => ask(api.GET('/api/auth/roles', { signal })),
});
