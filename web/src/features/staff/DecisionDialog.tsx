import { useQuery } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useDraft } from '@/shared/auth/useDraft';
import { filledIn } from '@/shared/lib/humanText';
import { ListState } from '@/shared/ui/list/ListState';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import { WorkDocument } from '@/shared/upload/WorkDocument';
import { type Employment, type LiveOrder, memberQuery, useDecision } from './queries';
import { OrderAnswers } from './OrderAnswers';
import { type Verb, verbs } from './labels';

interface Props {
  employment: Employment;
  verb: Verb;
  /** Whom the decision is about. */
  name: string;
  /** Shows the document that proves the employment. */
  proves?: boolean;
  onClose: () => void;
  /** Called with the signed orders that the decision suspends, in which the performer may be replaced. */
  onHeld?: (orders: LiveOrder[]) => void;
}

interface Values {
  comment?: string;
  answers?: Record<string, 'hold' | 'reselect'>;
}

const explanations: Record<Verb, string> = {
  confirm:
    'Кадастровый инженер станет сотрудником организации: его форма работы изменится на «Сотрудник юридического лица».',
  reject: 'Другая сторона получит уведомление и прочитает комментарий.',
  withdraw: 'Заявка закроется без ответа. Подать её снова можно в любое время.',
  suspend:
    'Сотрудник не сможет брать новые заказы, его отклики и предложения закроются. Причину он прочитает вверху своих страниц.',
  resume:
    'Сотрудник снова сможет брать заказы. Заказы, остановленные из-за приостановки, продолжатся, если других причин нет.',
  remove: 'Человек перестанет быть сотрудником организации, его отклики и предложения закроются. Причину он прочитает.',
  leave:
    'Вы перестанете быть сотрудником этой организации и не сможете брать заказы, пока не укажете другого работодателя или форму работы. Снова станет доступен поиск работодателя.',
};

const accepted =
  'Вы станете сотрудником этой организации: ваша форма работы изменится на «Сотрудник юридического лица», и брать заказы вы будете от её имени.';

/** The side that was asked confirms: the organisation, or the engineer whom it invited. */
const explanationOf = (verb: Verb, { askedBy }: Employment) =>
  verb === 'confirm' && askedBy === 'employer' ? accepted : explanations[verb];

/** Asks for confirmation of a decision, and about suspensions and removals what becomes of each order. */
export function DecisionDialog({ employment, verb, name, onClose, onHeld, proves = false }: Props) {
  useFocusReturn();
  // The state at opening is kept, so that a decision of somebody else meanwhile is noticed.
  const [seen] = useState(employment);
  const [form] = Form.useForm<Values>();
  const { saved, save, drop } = useDraft<Values>(`staff.${seen.id}.${verb}`);
  const problem = useProblem(form);
  const decision = useDecision(seen, verb);
  const { message } = AntdApp.useApp();
  const { button, done, keep, danger = false } = verbs[verb];
  const asks = verb === 'suspend' || verb === 'remove';
  const member = useQuery({ ...memberQuery(seen.id), enabled: asks || proves });
  const orders = asks ? (member.data?.orders ?? []) : [];
  const ready = !asks || member.data !== undefined;
  const send = ({ comment = '', answers = {} }: Values) => {
    problem.clear();
    decision
      .mutateAsync({
        comment: comment.trim(),
        ...(asks && { answers: orders.map(({ id }) => ({ order: id, answer: answers[id] ?? 'hold' })) }),
      })
      .then(() => {
        drop();
        void message.success(done);
        onClose();
        const held = orders.filter(({ signed }) => signed);
        if (held.length > 0) onHeld?.(held);
      }, problem.show);
  };
  return (
    <Modal
      open
      title={`${button}: ${name}`}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      width={orders.length > 0 ? 720 : 520}
      footer={
        <>
          <Button onClick={onClose}>{keep}</Button>
          <Button
            type="primary"
            danger={danger}
            loading={decision.isPending}
            disabled={!ready}
            onClick={() => form.submit()}
          >
            {button}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={send}
        onValuesChange={(_, all: Values) => save(all)}
        {...(saved && { initialValues: saved })}
      >
        <p>{explanationOf(verb, seen)}</p>
        {proves && member.data && (
          <section aria-label="Документ о форме работы">
            <WorkDocument document={member.data.document} />
          </section>
        )}
        {asks && (
          <ListState query={member} isEmpty={orders.length === 0} empty="Заказов, которые это остановит, нет.">
            <OrderAnswers form={form} orders={orders} onAll={() => save(form.getFieldsValue(true) as Values)} />
          </ListState>
        )}
        <Form.Item
          name="comment"
          label={asks ? 'Причина' : 'Комментарий'}
          {...(asks && { rules: [filledIn('Напишите причину: её прочитает сотрудник.')] })}
        >
          <Input.TextArea rows={3} maxLength={1000} showCount />
        </Form.Item>
        {problem.alert}
      </Form>
    </Modal>
  );
}
