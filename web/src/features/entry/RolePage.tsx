import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useNavigate } from 'react-router';
import { acting } from '@/shared/api/acting';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { afterEntry, organisationAddress, startPath, withReturn } from '@/shared/auth/entrySteps';
import { type Session, sessionQuery } from '@/shared/auth/session';
import { broadcast } from '@/shared/auth/tabs';
import { signOut } from '@/shared/auth/signOut';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { EntryCard } from './EntryCard';
import { EntryStep } from './EntryStep';
import { RoleList } from './RoleList';
import { rolesQuery } from '@/shared/auth/rolesQuery';
import { accountQueries } from '@/shared/queryKeys';

type Choice = Schema<'Choice'>;

/** Lets a user choose one of his cabinets: at sign-in, and whenever he changes it. */
export default function RolePage() {
  return (
    <EntryCard title="Выберите роль">
      <EntryStep>{(session, returnTo) => <Choices session={session} returnTo={returnTo} />}</EntryStep>
    </EntryCard>
  );
}

function Choices({ session, returnTo }: { session: Session; returnTo: string | null }) {
  const roles = useQuery(rolesQuery);
  const choose = useChooseRole(returnTo);
  const signingOut = useMutation({ mutationFn: () => signOut(session.person.id) });
  if (roles.error) return <ProblemAlert error={roles.error} onRetry={() => void roles.refetch()} />;
  if (!roles.data) return <Skeleton active />;
  const choices = roles.data.roles ?? [];
  return (
    <>
      <p>{session.person.name}, в какой роли вы хотите работать? Роль можно сменить в любой момент.</p>
      <RoleList choices={choices} current={session} busy={choose.isPending} onChoose={(one) => choose.mutate(one)} />
      {choices.every(({ role }) => role !== 'engineer') && (
        <p className="note">
          Роль исполнителя получают кадастровые инженеры с действующим статусом в АИС «Реестр СРО». Платформа читает
          реестр раз в сутки: если вы вступили в СРО недавно, роль появится здесь позже.
        </p>
      )}
      {(roles.data.notAdmitted ?? []).map(({ name, reason }) => (
        <Alert key={name} type="info" showIcon title={name} description={reason} className="role-not-admitted" />
      ))}
      <ProblemAlert error={choose.error ?? signingOut.error} />
      <Button type="link" className="entry-out" onClick={() => signingOut.mutate()}>
        Выйти
      </Button>
    </>
  );
}

/** Chooses a role. That starts another session, so the data of the former one is removed. */
function useChooseRole(returnTo: string | null) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ role, party }: Choice) =>
      unwrap(api.POST('/api/auth/role', { body: party ? { role, party } : { role } })),
    onSuccess: async ({ readOrganisation }) => {
      acting.setIdentity(undefined);
      broadcast('changed');
      if (readOrganisation) {
        // ЕСИА has a session and asks nothing; the start page then leads on as below.
        window.location.assign(organisationAddress(withReturn(startPath, returnTo)));
        return;
      }
      queries.removeQueries(accountQueries);
      const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      void navigate(afterEntry(session.next, returnTo), { replace: true });
    },
  });
}
