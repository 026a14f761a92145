import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Modal } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, unwrap } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { ReasonForm } from '@/features/moderation/ReasonForm';
import { queryKeys } from '@/shared/queryKeys';
import type { AccountCard } from './queries';

/** Switches an account off or on, with a reason. */
export function SwitchModal({ account, onClose }: { account: AccountCard; onClose: () => void }) {
  useFocusReturn();
  // The name and the direction at opening are kept, so that a concurrent decision of another
  // moderator does not turn this one into its opposite. The version is the newest that is shown.
  const [{ id, name, active, engineer }] = useState(account);
  const { version } = account;
  const queries = useQueryClient();
  const { message } = AntdApp.useApp();
  const verb = active ? 'switch-off' : 'switch-on';
  const title = active ? 'Отключить' : 'Включить';
  const decision = useMutation({
    mutationFn: (reason: string) =>
      underKey(`accounts/${id}/${verb}`, { reason, version }, (key) => {
        const options = {
          params: { path: { person: id }, header: { 'Idempotency-Key': key } },
          body: { reason, version },
        };
        return unwrap(
          active
            ? api.POST('/api/moderation/accounts/{person}/switch-off', options)
            : api.POST('/api/moderation/accounts/{person}/switch-on', options),
        );
      }),
    onSuccess: () => {
      void message.success(active ? 'Учётная запись отключена.' : 'Учётная запись включена.');
      onClose();
    },
    // A refusal may mean that another moderator has decided: the page behind shows what.
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.accounts.all }),
  });
  return (
    <Modal open title={`${title} учётную запись: ${name}`} onCancel={onClose} footer={null} destroyOnHidden>
      {active ? <Consequences engineer={engineer} /> : <p>Человек снова сможет войти в своих ролях.</p>}
      <ReasonForm
        submit={title}
        danger={active}
        draft={`accounts.${id}.${verb}`}
        {...(active && { extra: 'Причину человек прочитает при попытке войти.' })}
        mutation={decision}
        onCancel={onClose}
      />
    </Modal>
  );
}

function Consequences({ engineer }: Pick<AccountCard, 'engineer'>) {
  return (
    <>
      <p>
        Все сеансы человека завершатся сразу, войти он не сможет. Его заказы, отклики и предложения останутся как есть:
        за него никто не действует, сроки идут, а другая сторона может отменить заказ, выбрать другого исполнителя или
        открыть спор. За организацию смогут действовать другие допущенные.
      </p>
      {engineer && !engineer.blocked && (
        <>
          <p>Отклики инженера закрывает и его заказы приостанавливает не это решение, а блокировка исполнителя.</p>
          <p>
            <Link to={`/moderation/engineers/${engineer.id}`}>Открыть страницу исполнителя</Link>
          </p>
        </>
      )}
    </>
  );
}
