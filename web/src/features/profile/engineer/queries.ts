import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

export type OwnProfile = Schema<'OwnProfile'>;
export type ProfileForm = Schema<'ProfileForm'>;
export type WorkForm = Schema<'WorkForm'>;
export type ProfileFile = Schema<'ProfileFile'>;

/** The engineer's own profile. */
export const ownProfileQuery = queryOptions({
  queryKey: queryKeys.ownProfile,
  queryFn: ({ signal }) => unwrap(api.GET('/api/engineer/profile', { signal })),
});

/** Shows the saved profile everywhere: orders allow or refuse by it. */
function useSaved() {
  const queries = useQueryClient();
  return (saved: OwnProfile) => {
    queries.setQueryData(ownProfileQuery.queryKey, saved);
    for (const queryKey of [queryKeys.session, queryKeys.order.all, queryKeys.orders.all])
      void queries.invalidateQueries({ queryKey });
  };
}

/** Replaces the editable part of the profile. */
export function useSaveProfile() {
  return useMutation({
    mutationFn: (body: ProfileForm) => unwrap(api.PUT('/api/engineer/profile', { body })),
    onSuccess: useSaved(),
  });
}

/** Changes the form of work. */
export function useSaveFormOfWork() {
  return useMutation({
    mutationFn: (body: WorkForm) => unwrap(api.PUT('/api/engineer/profile/form', { body })),
    onSuccess: useSaved(),
  });
}

/** «Получать заказы»: takes effect at once. */
export function useReceiving() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (receives: boolean) => unwrap(api.PUT('/api/engineer/profile/receiving', { body: { receives } })),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.ownProfile }),
  });
}

/** The address of a picture of the own profile, as others see it. */
export const pictureAddress = (file: string, size: 'full' | 'thumbnail') => `${fileAddress(file)}?size=${size}`;

/** The address of a file of the own profile. */
export const fileAddress = (file: string) => `/api/profile/files/${file}/content`;
