import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/shared/api/client';

/** The roles that the signed-in person may take, and the organisations that he may not act for. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => ask(api.GET('/api/auth/roles', { signal })),
});
