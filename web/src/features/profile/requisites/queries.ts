import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { queryKeys } from '@/shared/queryKeys';

export type Requisites = Schema<'Requisites'>;
export type Bank = Schema<'Bank'>;

/** The requisites that people type. */
export type RequisiteValues = Pick<
  Requisites,
  'inn' | 'kpp' | 'address' | 'bic' | 'bankName' | 'account' | 'correspondentAccount'
>;

/** The requisites of the account or of the engineer's employer. */
export const requisitesQuery = queryOptions({
  queryKey: queryKeys.requisites,
  queryFn: ({ signal }) => unwrap(api.GET('/api/requisites', { signal })),
});

/** The bank with a БИК of nine digits; null if the directory has none. */
export const bankQuery = (bic: string) =>
  queryOptions({
    queryKey: queryKeys.bank(bic),
    queryFn: async ({ signal }): Promise<Bank | null> => {
      try {
        return await unwrap(api.GET('/api/banks/{bic}', { params: { path: { bic } }, signal }));
      } catch (error) {
        if (error instanceof ProblemError && error.status === 404) return null;
        throw error;
      }
    },
    enabled: /^\d{9}$/.test(bic),
    staleTime: 60_000,
  });

/** Saves the requisites that were based on a version. A conflict reads the newer ones. */
export function useSaveRequisites() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RequisiteValues & { version: number }) => unwrap(api.PUT('/api/requisites', { body })),
    onSuccess: (saved) => {
      queries.setQueryData(requisitesQuery.queryKey, saved);
      // The cards show what is missing for a contract.
      void queries.invalidateQueries({ queryKey: queryKeys.order.all });
    },
    onError: (error) =>
      error instanceof ProblemError && error.code === 'data_changed'
        ? queries.refetchQueries(requisitesQuery)
        : undefined,
  });
}
