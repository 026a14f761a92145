import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { acting } from '@/shared/api/acting';
import { api, unwrap } from '@/shared/api/client';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { type Session, sessionQuery } from '@/shared/auth/session';
import { broadcast } from '@/shared/auth/tabs';
import { accountQueries } from '@/shared/queryKeys';

/**
 * Covers a page that shows another account than the one chosen in another tab. The page stays under
 * it with what was typed.
 */
export function OtherAccount({ open, shown }: { open: boolean; shown: Session }) {
  const queries = useQueryClient();
  const refetchSession = () => queries.fetchQuery({ ...sessionQuery, staleTime: 0, retry: false });
  const adoptRole = useMutation({
    mutationFn: () => {
      acting.setIdentity(undefined);
      queries.removeQueries(accountQueries);
      return refetchSession();
    },
  });
  const restoreRole = useMutation({
    mutationFn: async () => {
      const { role, party } = shown;
      if (role !== '') await unwrap(api.POST('/api/auth/role', { body: party ? { role, party } : { role } }));
      broadcast('changed');
      return refetchSession();
    },
  });
  return (
    <Modal
      open={open}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      title="В другой вкладке выбрана другая роль"
      footer={[
        <Button
          key="on"
          disabled={restoreRole.isPending}
          loading={adoptRole.isPending}
          onClick={() => adoptRole.mutate()}
        >
          Открыть эту вкладку в новой роли
        </Button>,
        <Button
          key="back"
          type="primary"
          disabled={adoptRole.isPending}
          loading={restoreRole.isPending}
          onClick={() => restoreRole.mutate()}
        >
          Вернуть прежнюю роль
        </Button>,
      ]}
    >
      <p>
        Эта вкладка открыта для:{' '}
        {[shown.person.name, shown.partyKind !== 'person' && shown.partyName].filter(Boolean).join(', ')}. Последнее
        действие не выполнено, введённое сохранено.
      </p>
      <ProblemAlert error={restoreRole.error ?? adoptRole.error} />
    </Modal>
  );
}
