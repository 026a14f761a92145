import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schema } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

export type OrganisationPerson = Schema<'OrganisationPerson'>;
export type AdmissionDecision = Schema<'AdmissionDecision'>;

/** What a person may be admitted as. */
export interface Admission {
  customer: boolean;
  employer: boolean;
}

/** The people of the organisation, and whom of them the head admitted; heads first, page by page. */
export const peopleQuery = infiniteQueryOptions({
  queryKey: queryKeys.organisation.people,
  queryFn: ({ pageParam, signal }) =>
    ask(
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
    ask(
      api.GET('/api/organisation/admissions', {
        params: { query: { ...(pageParam && { cursor: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: ({ next }) => next,
});

/** Decides what a person may do for the organisation; nothing withdraws the admission. */
export function useAdmissionDecision(person: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Admission) =>
      ask(api.PUT('/api/organisation/people/{person}/admission', { params: { path: { person } }, body })),
    // A refusal too may say that the list is behind.
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.organisation.all }),
  });
}
