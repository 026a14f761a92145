import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { underKey } from '@/shared/api/idempotency';
import { useDraft } from '@/shared/auth/useDraft';
import { filledIn } from '@/shared/lib/humanText';
import { queryKeys } from '@/shared/queryKeys';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import { rules } from './labels';

/** A decision that a moderator is about to make. */
export interface Decided {
  review: Schema<'ModeratedReview'>;
  subject: Schema<'DecideInputBody'>['subject'];
  hide: boolean;
}

interface Values {
  rule?: Schema<'ReviewVerdict'>['rule'];
  reason: string;
}

const ruleOptions = Object.entries(rules).map(([value, label]) => ({ value, label }));

/** Hides a text by a rule and with a reason, or shows it again with a reason. */
export function ReviewDecisionDialog({ decided, onClosed }: { decided: Decided; onClosed: () => void }) {
  useFocusReturn();
  const [{ review, subject, hide }] = useState(decided);
  const [open, setOpen] = useState(true);
  const { message } = AntdApp.useApp();
  const [form] = Form.useForm<Values>();
  const problem = useProblem(form);
  const draft = useDraft<Values>(`reviews.${review.id}.${subject}.${hide ? 'hide' : 'show'}`);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.moderatedReviews.all });
  const decision = useMutation({
    mutationFn: ({ rule, reason }: Values) => {
      const last = subject === 'review' ? review.hidden?.at : review.replyHidden?.at;
      return underKey(`reviews/${review.id}/${subject}`, { rule, reason, hide, last }, (key) =>
        unwrap(
          api.POST('/api/engineers/{engineer}/reviews/{review}/decisions', {
            params: { path: { engineer: review.engineer.id, review: review.id }, header: { 'Idempotency-Key': key } },
            body: { subject, hidden: hide, reason: reason.trim(), ...(hide && rule && { rule }) },
          }),
        ),
      );
    },
    onSuccess: refresh,
    onError: () => void refresh(),
  });
  const what = subject === 'review' ? 'отзыв' : 'ответ';
  const title = hide ? `Скрыть ${what}` : `Показать ${what}`;
  const send = (values: Values) => {
    problem.clear();
    decision.mutateAsync(values).then(() => {
      draft.drop();
      void message.success(hide ? 'Текст скрыт' : 'Текст снова показан');
      setOpen(false);
    }, problem.show);
  };
  return (
    <Modal
      open={open}
      title={`${title}: заказ ${review.number}`}
      onCancel={() => setOpen(false)}
      afterClose={onClosed}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Закрыть</Button>
          <Button type="primary" danger={hide} loading={decision.isPending} onClick={() => form.submit()}>
            {title}
          </Button>
        </>
      }
    >
      <p>
        {hide
          ? 'Текст увидят только автор, инженер и модераторы. Оценка останется в рейтинге. Оба получат уведомление и прочитают причину.'
          : 'Текст снова увидят все. Автор и инженер получат уведомление.'}
      </p>
      <Form
        form={form}
        layout="vertical"
        initialValues={draft.saved ?? {}}
        onValuesChange={(_, all: Values) => draft.save(all)}
        onFinish={send}
      >
        {hide && (
          <Form.Item
            name="rule"
            label="Какое правило нарушено"
            rules={[{ required: true, message: 'Выберите правило.' }]}
          >
            <Select options={ruleOptions} placeholder="Выберите" />
          </Form.Item>
        )}
        <Form.Item name="reason" label="Причина" rules={[filledIn('Укажите причину.')]}>
          <Input.TextArea rows={3} maxLength={1000} showCount />
        </Form.Item>
        {problem.alert}
      </Form>
    </Modal>
  );
}
