import { queryOptions, useQuery } from '@tanstack/react-query';
import { acting, actingChanged } from '@/shared/api/acting';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { otherAccount, ProblemError, signedOut } from '@/shared/api/problem';
import { queryKeys } from '@/shared/queryKeys';

export type Session = Schema<'Me'>;
export type Role = Exclude<Session['role'], ''>;

/**
 * The signed-in person, his role and the next step of his entry. It fails with status 401 when
 * nobody is signed in.
 */
export const sessionQuery = queryOptions({
  queryKey: queryKeys.session,
  queryFn: async ({ signal }): Promise<Session> => {
    const found = await unwrap(api.GET('/api/me', { signal }));
    if (!found) throw new ProblemError(signedOut());
    if (isDifferentAccount(found)) throw new ProblemError(otherAccount());
    return found;
  },
  staleTime: 60_000,
});

/**
 * Reports whether the session belongs to another account than the one that this tab shows. A
 * session that lost its role is still the same person's.
 */
function isDifferentAccount(found: Session): boolean {
  const shown = acting.identity;
  if (shown === undefined) return false;
  return found.role === '' ? !shown.startsWith(`${found.person.id}.`) : identityOf(found) !== shown;
}

/**
 * Reports whether the session query found that another tab chose another role, or that somebody
 * else signed in.
 */
export const isOtherAccount = (error: unknown) => error instanceof ProblemError && error.code === actingChanged;

/** Reports whether the session query found that nobody is signed in. */
export const isUnauthorized = (error: unknown) => error instanceof ProblemError && error.status === 401;

/** Returns the session of a page inside the frame, where there always is one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('useSession outside the frame');
  return data;
}

/** Identifies the account: the same person in another role counts as another account. */
export function identityOf(session: Session): string {
  return `${session.person.id}.${session.role}.${session.party ?? ''}`;
}

/** Returns the name of a role on the screen. */
export function roleTitle({ role, partyKind }: Pick<Session, 'role' | 'partyKind'>): string {
  switch (role) {
    case 'customer':
      return partyKind === 'organisation' ? 'Правообладатель (Заказчик)' : 'Заказчик';
    case 'engineer':
      return 'Исполнитель (кадастровый инженер)';
    case 'employer':
      return 'Работодатель';
    case 'moderator':
      return 'Модератор системы';
    case '':
      return 'Роль не выбрана';
  }
}
