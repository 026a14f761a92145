import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** The consent text in force, and whether this person has given the consent. */
export const consentQuery = queryOptions({
  queryKey: queryKeys.consent,
  queryFn: ({ signal }) => unwrap(api.GET('/api/auth/consent', { signal })),
});
