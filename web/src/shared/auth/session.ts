import { queryOptions, useQuery } from '@tanstack/react-query';
import { acting, actingChanged } from '@/shared/api/acting';
import { api, ask, type Schema } from '@/shared/api/client';
import { otherAccount, ProblemError, signedOut } from '@/shared/api/problem';
import { queryKeys } from '@/shared/queryKeys';

export type Session = Schema<'Me'>;
export type Role = Exclude<Session['role'], ''>;

/** Who is signed in, in which role, and how far his sign-in has come. That nobody is, is an error of it with status 401. */
export const sessionQuery = queryOptions({
  queryKey: queryKeys.session,
  queryFn: async ({ signal }): Promise<Session> => {
    const found = await ask(api.GET('/api/me', { signal }));
    if (!found) throw new ProblemError(signedOut());
    if (isForeign(found)) throw new ProblemError(otherAccount());
    return found;
  },
  staleTime: 60_000,
});

/** Whether the session is another account's than the one that this tab shows. A role that was lost is nobody else's. */
function isForeign(found: Session): boolean {
  const shown = acting.shown;
  if (shown === undefined) return false;
  return found.role === '' ? !shown.startsWith(`${found.person.id}.`) : identityOf(found) !== shown;
}

/** Whether a reading of the session found that another tab has chosen another role, or that somebody else has signed in. */
export const isOtherAccount = (error: unknown) => error instanceof ProblemError && error.code === actingChanged;

/** Whether a reading of the session found that nobody is signed in. */
export const isOver = (error: unknown) => error instanceof ProblemError && error.status === 401;

/** The session of a page inside the frame, where there always is one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('useSession outside the frame');
  return data;
}

/** The same person in another role is somebody else to every page. */
export function identityOf(session: Session): string {
  return `${session.person.id}.${session.role}.${session.party ?? ''}`;
}

/** The words for a role on the screen. */
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
