import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** The text in force, and whether this person has consented to it. */
export const consentQuery = queryOptions({
  queryKey: queryKeys.consent,
  queryFn: ({ signal }) => ask(api.GET('/api/auth/consent', { signal })),
});
