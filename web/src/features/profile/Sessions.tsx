import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button, Card, Skeleton } from 'antd';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { problemOf } from '@/shared/api/problem';
import { roleTitle, useSession } from '@/shared/auth/session';
import { signOutEverywhere } from '@/shared/auth/signOut';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatDateTime } from '@/shared/lib/dates';
import { deviceName } from '@/shared/lib/deviceName';
import { queryKeys } from '@/shared/queryKeys';

type OwnSession = Schema<'OwnSession'>;

const sessionsQuery = queryOptions({
  queryKey: queryKeys.sessions,
  queryFn: ({ signal }) => unwrap(api.GET('/api/auth/sessions', { signal })),
});

/**
 * Lists the sessions of the person, each with a button that ends it, and a button that ends all.
 */
export function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const { person } = useSession();
  const { modal, message } = AntdApp.useApp();
  const end = useEndSession();
  const columns: Column<OwnSession>[] = [
    {
      title: 'Устройство',
      cell: ({ device, current }) => (
        <>
          {deviceName(device)}
          {current && <div className="note">этот сеанс</div>}
        </>
      ),
    },
    {
      title: 'Роль',
      cell: ({ role, partyName }) =>
        role ? [roleTitle({ role }), partyName].filter(Boolean).join(', ') : 'не выбрана',
    },
    { title: 'Вход', cell: ({ createdAt }) => formatDateTime(createdAt) },
    { title: 'Последнее действие', cell: ({ usedAt }) => formatDateTime(usedAt) },
    { title: 'Адрес', cell: ({ address }) => address || 'неизвестен' },
    {
      title: 'Действие',
      cell: ({ id, current, device }) =>
        current ? null : (
          <Button
            size="small"
            aria-label={`Завершить сеанс: ${deviceName(device)}`}
            loading={end.isPending && end.variables === id}
            onClick={() => end.mutate(id)}
          >
            Завершить
          </Button>
        ),
    },
  ];
  const confirmSignOutEverywhere = () =>
    void modal.confirm({
      title: 'Выйти везде?',
      content: 'Завершатся все ваши сеансы на всех устройствах, этот тоже. Несохранённое на этом устройстве пропадёт.',
      okText: 'Выйти везде',
      okButtonProps: { danger: true },
      cancelText: 'Остаться',
      onOk: () => signOutEverywhere(person.id).catch((error: unknown) => message.error(problemOf(error).detail)),
    });
  return (
    <Card
      title={<h2>Сеансы</h2>}
      extra={
        <Button danger onClick={confirmSignOutEverywhere}>
          Выйти везде
        </Button>
      }
    >
      <p className="note">
        Здесь видно, где выполнен вход под вашей учётной записью. Незнакомый сеанс завершите и проверьте вход на
        Госуслугах.
      </p>
      <ProblemAlert error={sessions.error ?? end.error} />
      {sessions.isPending && <Skeleton active title={false} />}
      {sessions.data && <RowList rows={sessions.data.items} columns={columns} keyOf={({ id }) => id} />}
    </Card>
  );
}

function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (session: string) =>
      unwrap(api.DELETE('/api/auth/sessions/{session}', { params: { path: { session } } })),
    onSettled: () => queries.invalidateQueries(sessionsQuery),
  });
}
