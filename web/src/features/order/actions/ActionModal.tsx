import { Alert, Button, Form, Modal } from 'antd';
import type { ActionKind } from '@/shared/api/actions';
import type { OrderCard } from '@/shared/api/order';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { BusyUploads } from '@/features/order/fields/busyUploads';
import type { Action, ActionForm } from './actionForm';
import { useActionForm } from './useActionForm';

interface Props<Kind extends ActionKind, Values extends object> {
  card: OrderCard;
  action: Action;
  actionForm: ActionForm<Kind, Values>;
  /** Values that are filled in by the place from which the form was opened. */
  preset?: Partial<Values>;
  /** The order is no longer open to this user: he can read what he typed, but not send it. */
  closed: boolean;
  onClose: () => void;
}

/** Shows the form of one action over the card. */
export function ActionModal<Kind extends ActionKind, Values extends object>({
  onClose,
  ...options
}: Props<Kind, Values>) {
  useFocusReturn();
  const { seen, props, submit, changed, problem, busy, report, pending, slow } = useActionForm({
    ...options,
    onDone: onClose,
  });
  const { action, actionForm, closed } = options;
  const { Fields } = actionForm;
  return (
    <Modal
      open
      title={action.title}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      width={640}
      footer={
        <>
          <Button onClick={onClose}>{pending ? 'Закрыть' : 'Отмена'}</Button>
          <Button
            type="primary"
            danger={actionForm.danger ?? false}
            loading={pending}
            disabled={busy || closed}
            onClick={submit}
          >
            {busy ? 'Файлы загружаются' : (actionForm.submit ?? action.title)}
          </Button>
        </>
      }
    >
      <Form {...props} scrollToFirstError={{ focus: true }} className="action-form">
        {closed && (
          <Alert
            type="warning"
            showIcon
            role="status"
            title="Заказ больше не открыт. Закройте окно: на странице сказано, что произошло, и сохранён ваш текст."
          />
        )}
        {changed && (
          <Alert
            type="warning"
            showIcon
            role="status"
            title="Заказ изменился, пока окно открыто. Закройте его и посмотрите, что нового."
          />
        )}
        <BusyUploads value={report}>
          <Fields card={seen} action={action} />
        </BusyUploads>
        {problem}
        {slow && (
          <Alert
            type="info"
            showIcon
            role="status"
            title="Ждём ответа платформы. Эту форму можно закрыть: результат появится на странице сам."
          />
        )}
      </Form>
    </Modal>
  );
}
