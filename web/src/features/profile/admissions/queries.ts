import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

export type OrganisationPerson = Schema<'OrganisationPerson'>;
export type AdmissionDecision = Schema<'AdmissionDecision'>;

/** The roles that a person may be admitted to. */
export interface Admission {
  customer: boolean;
  employer: boolean;
}

/** The people of the organisation and their admissions, heads first, page by page. */
export const peopleQuery = infiniteQueryOptions({
  queryKey: queryKeys.organisation.people,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/organisation/people', {
        params: { query: { limit: 100, ...(pageParam && { cursor: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: ({ next }) => next,
});

/** The decisions on admissions, newest first, page by page. */
export const decisionsQuery = infiniteQueryOptions({
  queryKey: queryKeys.organisation.admissions,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/organisation/admissions', {
        params: { query: { ...(pageParam && { cursor: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: ({ next }) => next,
});

/** Sets what a person may do for the organisation. An admission without roles withdraws it. */
export function useAdmissionDecision(person: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Admission) =>
      unwrap(api.PUT('/api/organisation/people/{person}/admission', { params: { path: { person } }, body })),
    // A refusal may also mean that the list is outdated.
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.organisation.all }),
  });
}
