import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { acting } from '@/shared/api/acting';
import { api, ask } from '@/shared/api/client';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { type Session, sessionQuery } from '@/shared/auth/session';
import { announce } from '@/shared/auth/tabs';
import { readForAccount } from '@/shared/queryKeys';

/** Stands over a page whose tab shows another account than the one chosen in another tab. The page stays as it is under it, with what was typed. */
export function OtherAccount({ open, shown }: { open: boolean; shown: Session }) {
  const queries = useQueryClient();
  const reread = () => queries.fetchQuery({ ...sessionQuery, staleTime: 0, retry: false });
  const goOn = useMutation({
    mutationFn: () => {
      acting.show(undefined);
      queries.removeQueries(readForAccount);
      return reread();
    },
  });
  const goBack = useMutation({
    mutationFn: async () => {
      const { role, party } = shown;
      if (role !== '') await ask(api.POST('/api/auth/role', { body: party ? { role, party } : { role } }));
      announce('changed');
      return reread();
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
        <Button key="on" disabled={goBack.isPending} loading={goOn.isPending} onClick={() => goOn.mutate()}>
          Открыть эту вкладку в новой роли
        </Button>,
        <Button
          key="back"
          type="primary"
          disabled={goOn.isPending}
          loading={goBack.isPending}
          onClick={() => goBack.mutate()}
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
      <ProblemAlert error={goBack.error ?? goOn.error} />
    </Modal>
  );
}
