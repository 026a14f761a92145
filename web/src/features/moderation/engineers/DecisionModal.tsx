import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Modal } from 'antd';
import { useState } from 'react';
import { api, unwrap } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { ReasonForm } from '@/features/moderation/ReasonForm';
import { queryKeys } from '@/shared/queryKeys';
import type { EngineerCard } from './queries';

interface Props {
  engineer: EngineerCard;
  onClose: () => void;
}

/** Blocks or unblocks an engineer, with a reason. */
export function DecisionModal({ engineer, onClose }: Props) {
  useFocusReturn();
  // The state at opening is kept, so that a concurrent decision of another moderator does not turn
  // this one into its opposite.
  const [{ id, name, blocked, decisions }] = useState(engineer);
  const queries = useQueryClient();
  const { message } = AntdApp.useApp();
  const verb = blocked ? 'unblock' : 'block';
  const decision = useMutation({
    mutationFn: (reason: string) =>
      // The same reason after another decision is a new decision.
      underKey(`engineers/${id}/${verb}`, { reason, after: decisions[0]?.id }, (key) => {
        const options = { params: { path: { engineer: id }, header: { 'Idempotency-Key': key } }, body: { reason } };
        return unwrap(
          blocked
            ? api.POST('/api/engineers/{engineer}/unblock', options)
            : api.POST('/api/engineers/{engineer}/block', options),
        );
      }),
    onSuccess: async ({ applied, overtaken }) => {
      await Promise.all(
        [queryKeys.engineers.all, queryKeys.orders.all, queryKeys.order.all].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      );
      if (overtaken) void message.warning('Решение не исполнено: раньше пришло более позднее.');
      else void message.success(applied ? 'Решение исполнено.' : 'Решение принято и исполняется.');
      onClose();
    },
  });
  const title = blocked ? 'Снять блокировку' : 'Заблокировать';
  return (
    <Modal open title={`${title}: ${name}`} onCancel={onClose} footer={null} destroyOnHidden>
      <p>
        {blocked
          ? 'Инженер снова сможет входить в роль исполнителя. Заказы, приостановленные из-за блокировки, вернутся на прежние этапы, если других причин нет.'
          : 'Инженер не сможет брать новые заказы, его заказы в работе будут приостановлены, отклики и предложения закрыты. Причину он увидит вверху своих страниц; его заказы и документы останутся ему доступны.'}
      </p>
      <ReasonForm
        submit={title}
        danger={!blocked}
        draft={`engineers.${id}.${verb}`}
        mutation={decision}
        onCancel={onClose}
      />
    </Modal>
  );
}
