import { Alert, App as AntdApp, Button, Form, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ActionKind, Actions, Verdict } from '@/shared/api/actions';
import { problemOf } from '@/shared/api/problem';
import { useAction } from '@/shared/api/useAction';
import { useDraft } from '@/shared/auth/useDraft';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { allValues } from '@/shared/ui/formValues';
import { useDelayedFlag } from '@/shared/ui/useDelayedFlag';
import { useProblem } from '@/shared/ui/useProblem';
import { BusyUploads, useBusyUploads } from '@/features/order/fields/busyUploads';
import type { OrderCard } from '@/shared/api/order';
import { type Action, type ActionForm, draftName } from './actionForm';

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

/**
 * Shows the form of one action. What was typed is kept until the action is accepted: through
 * refusals, lost answers and a lost session.
 */
export function ActionModal<Kind extends ActionKind, Values extends object>({
  card,
  action,
  actionForm,
  preset,
  closed,
  onClose,
}: Props<Kind, Values>) {
  useFocusReturn();
  const [seen] = useState(card);
  const [form] = Form.useForm<Values>();
  const draft = useDraft<Values>(draftName(card.id, action.kind, actionForm.signedSha256?.(seen)));
  const problem = useProblem(form);
  const { busy, report } = useBusyUploads();
  const { send, pending, slow } = useSendAction<Kind>(seen, action, {
    accepted: draft.drop,
    done: onClose,
    refused: problem.show,
  });
  const title = actionForm.submit ?? action.title;
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
            onClick={() => form.submit()}
          >
            {busy ? 'Файлы загружаются' : title}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        scrollToFirstError={{ focus: true }}
        initialValues={{ ...(draft.saved ?? actionForm.initial?.(seen)), ...preset }}
        // Saved after the dependent fields have been updated.
        onValuesChange={() => queueMicrotask(() => draft.save(allValues(form)))}
        onFinish={() => {
          if (busy || pending || closed) return; // Enter submits even if the button is disabled
          problem.clear();
          const values = allValues(form);
          draft.save(values); // includes the preset values
          send(actionForm.body(values, seen));
        }}
        className="action-form"
      >
        {closed && (
          <Alert
            type="warning"
            showIcon
            role="status"
            title="Заказ больше не открыт. Закройте окно: на странице сказано, что произошло, и сохранён ваш текст."
          />
        )}
        {agreedVersion(card) !== agreedVersion(seen) && (
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
        {problem.alert}
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

/** Identifies the version of the order that a user agrees to with an action. */
const agreedVersion = ({ stage, revision, contract, act }: OrderCard) =>
  [stage.code, revision, contract?.file.sha256, act?.file.sha256].join();

/** Milliseconds after which the form says that it is waiting for the verdict. */
const slowAfter = 4_000;

interface Outcome {
  /** The platform has accepted the action, whether or not the form is still open. */
  accepted: () => void;
  done: () => void;
  refused: (error: unknown) => void;
}

/** Sends the action. The outcome is shown even if the form was closed meanwhile. */
function useSendAction<Kind extends ActionKind>(seen: OrderCard, action: Action, outcome: Outcome) {
  const { message, notification } = AntdApp.useApp();
  const act = useAction(seen, action.kind as Kind);
  const open = useIsOpen();
  const slow = useDelayedFlag(act.isPending, slowAfter);
  const showVerdict = (verdict: Verdict) => {
    if (verdict.state === 'applied') void message.success(`${action.title}: готово`);
    else void message.info('Принято, ждём ответа. Результат появится на странице сам.');
    outcome.accepted();
    if (open.current) outcome.done();
  };
  const showProblem = (error: unknown) => {
    if (open.current) outcome.refused(error);
    else
      notification.error({ title: `${action.title}: не выполнено`, description: problemOf(error).detail, duration: 0 });
  };
  return {
    send: (body: Actions[Kind]) => void act.mutateAsync(body).then(showVerdict, showProblem),
    pending: act.isPending,
    slow,
  };
}

function useIsOpen() {
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  return open;
}
