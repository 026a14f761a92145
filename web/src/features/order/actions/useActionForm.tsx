import { App as AntdApp, Form, type FormProps } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ActionKind, Actions, Verdict } from '@/shared/api/actions';
import type { OrderCard } from '@/shared/api/order';
import { problemOf } from '@/shared/api/problem';
import { useAction } from '@/shared/api/useAction';
import { useDraft } from '@/shared/auth/useDraft';
import { allValues } from '@/shared/ui/formValues';
import { useDelayedFlag } from '@/shared/ui/useDelayedFlag';
import { useProblem } from '@/shared/ui/useProblem';
import { useBusyUploads } from '@/features/order/fields/busyUploads';
import { type Action, type ActionForm, draftName } from './actionForm';

interface Options<Kind extends ActionKind, Values extends object> {
  card: OrderCard;
  action: Action;
  actionForm: ActionForm<Kind, Values>;
  /** Values that are filled in by the place from which the form was opened. */
  preset?: Partial<Values> | undefined;
  /** The order is no longer open to this user: he can read what he typed, but not send it. */
  closed: boolean;
  onDone: () => void;
}

/**
 * The state of the form of one action. What was typed is kept until the action is accepted: through
 * refusals, lost answers and a lost session.
 */
export function useActionForm<Kind extends ActionKind, Values extends object>({
  card,
  action,
  actionForm,
  preset,
  closed,
  onDone,
}: Options<Kind, Values>) {
  const [seen] = useState(card);
  const [form] = Form.useForm<Values>();
  const draft = useDraft<Values>(draftName(card.id, action.kind, actionForm.signedSha256?.(seen)));
  const problem = useProblem(form);
  const { busy, report } = useBusyUploads();
  const { send, pending, slow } = useSendAction<Kind>(seen, action, {
    accepted: draft.drop,
    done: onDone,
    refused: problem.show,
  });
  const props: FormProps<Values> = {
    form,
    layout: 'vertical',
    initialValues: { ...(draft.saved ?? actionForm.initial?.(seen)), ...preset },
    // Saved after the dependent fields have been updated.
    onValuesChange: () => queueMicrotask(() => draft.save(allValues(form))),
    onFinish: () => {
      if (busy || pending || closed) return; // Enter submits even if the button is disabled
      problem.clear();
      const values = allValues(form);
      draft.save(values); // includes the preset values
      send(actionForm.body(values, seen));
    },
  };
  return {
    /** The order as it was when the form was opened: the version that the sender agrees to. */
    seen,
    props,
    submit: form.submit,
    /** The order has changed since the form was opened. */
    changed: agreedVersion(card) !== agreedVersion(seen),
    problem: problem.alert,
    busy,
    report,
    pending,
    slow,
  };
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
