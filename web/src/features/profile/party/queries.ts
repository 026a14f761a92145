import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { queryKeys } from '@/shared/queryKeys';

export type PartyProfile = Schema<'PartyProfile'>;

/** What a customer or an employer writes about himself. */
export type ProfileValues = Pick<PartyProfile, 'email' | 'phone' | 'website' | 'region' | 'about'>;

/** The profile of the customer or employer for whom the person acts. */
export const partyQuery = queryOptions({
  queryKey: queryKeys.party,
  queryFn: ({ signal }) => unwrap(api.GET('/api/party', { signal })),
});

/** Saves the profile that was based on a version. A conflict reads the newer one. */
export function useSaveProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ProfileValues & { version: number }) => unwrap(api.PUT('/api/party', { body })),
    onSuccess: (saved) => queries.setQueryData(partyQuery.queryKey, saved),
    onError: (error) =>
      error instanceof ProblemError && error.code === 'data_changed' ? queries.refetchQueries(partyQuery) : undefined,
  });
}
