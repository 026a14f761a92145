import { Alert, App as AntdApp, Button, Form, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ActionKind, Actions, Verdict } from '@/shared/api/actions';
import { problemOf } from '@/shared/api/problem';
import { useAction } from '@/shared/api/useAction';
import { useDraft } from '@/shared/auth/useDraft';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { allValues } from '@/shared/ui/formValues';
import { useLasting } from '@/shared/ui/useLasting';
import { useProblem } from '@/shared/ui/useProblem';
import { BusyUploads, useBusyUploads } from '@/features/order/fields/busyUploads';
import type { OrderCard } from '@/shared/api/order';
import { type Action, type ActionForm, draftName } from './actionForm';

interface Props<Kind extends ActionKind, Values extends object> {
  card: OrderCard;
  action: Action;
  entry: ActionForm<Kind, Values>;
  /** What is filled in already, by where the form was opened from. */
  preset?: Partial<Values>;
  /** The order is not open to this person any more: what he typed can be read, and not sent. */
  closed: boolean;
  onClose: () => void;
}

/** The form of one action. What was typed stays until the action is done, through refusals, lost answers and a lost session. */
export function ActionModal<Kind extends ActionKind, Values extends object>({
  card,
  action,
  entry,
  preset,
  closed,
  onClose,
}: Props<Kind, Values>) {
  useFocusReturn();
  const [seen] = useState(card);
  const [form] = Form.useForm<Values>();
  const draft = useDraft<Values>(draftName(card.id, action.kind, entry.signs?.(seen)));
  const problem = useProblem(form);
  const { busy, report } = useBusyUploads();
  const { send, pending, slow } = useSending<Kind>(seen, action, {
    taken: draft.drop,
    done: onClose,
    refused: problem.show,
  });
  const title = entry.submit ?? action.title;
  const { Fields } = entry;
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
            danger={entry.danger ?? false}
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
        initialValues={{ ...(draft.kept ?? entry.initial?.(seen)), ...preset }}
        // After the fields that follow others have followed.
        onValuesChange={() => queueMicrotask(() => draft.keep(allValues(form)))}
        onFinish={() => {
          if (busy || pending || closed) return; // Enter passes by the button
          problem.clear();
          const values = allValues(form);
          draft.keep(values); // also what was filled in by where the form was opened from
          send(entry.body(values, seen));
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
        {agreedTo(card) !== agreedTo(seen) && (
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

/** What an action of a person may hang on. */
const agreedTo = ({ stage, revision, contract, act }: OrderCard) =>
  [stage.code, revision, contract?.file.sha256, act?.file.sha256].join();

/** After this long a verdict is worth a word. */
const patience = 4_000;

interface Outcome {
  /** The platform has the action, whether or not the form is still open. */
  taken: () => void;
  done: () => void;
  refused: (error: unknown) => void;
}

/** Sends the action; its outcome is told even when the form was closed meanwhile. */
function useSending<Kind extends ActionKind>(seen: OrderCard, action: Action, outcome: Outcome) {
  const { message, notification } = AntdApp.useApp();
  const act = useAction(seen, action.kind as Kind);
  const open = useOpen();
  const slow = useLasting(act.isPending, patience);
  const tell = (verdict: Verdict) => {
    if (verdict.state === 'applied') void message.success(`${action.title}: готово`);
    else void message.info('Принято, ждём ответа. Результат появится на странице сам.');
    outcome.taken();
    if (open.current) outcome.done();
  };
  const refuse = (error: unknown) => {
    if (open.current) outcome.refused(error);
    else
      notification.error({ title: `${action.title}: не выполнено`, description: problemOf(error).detail, duration: 0 });
  };
  return {
    send: (body: Actions[Kind]) => void act.mutateAsync(body).then(tell, refuse),
    pending: act.isPending,
    slow,
  };
}

function useOpen() {
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  return open;
}
