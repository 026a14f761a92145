import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, Button, Form, Input, Space } from 'antd';
import { useState } from 'react';
import { api, unwrap, type Schema } from '@/shared/api/client';
import { useDraft } from '@/shared/auth/useDraft';
import { formatDateTime } from '@/shared/lib/dates';
import { filledIn } from '@/shared/lib/humanText';
import { queryKeys } from '@/shared/queryKeys';
import { useProblem } from '@/shared/ui/useProblem';

interface Values {
  text: string;
}

/** Shows the engineer's one reply to a review, and the form to write or change it while he may. */
export function ReplyForm({ review: { id, number, reply } }: { review: Schema<'OwnReview'> }) {
  const draft = useDraft<Values>(`reviews.${id}.reply`);
  const [open, setOpen] = useState(draft.saved !== undefined);
  const editable = !reply || new Date(reply.editableUntil) > new Date();
  return (
    <>
      {reply && (
        <blockquote className="reply">
          <div className="note">Ваш ответ</div>
          <p className="user-text">{reply.text}</p>
          <div className="note">
            {editable
              ? `Ответ можно изменить до ${formatDateTime(reply.editableUntil)}`
              : 'Срок, в который ответ можно изменить, прошёл'}
          </div>
        </blockquote>
      )}
      {editable && !open && (
        <Button onClick={() => setOpen(true)} aria-label={`${reply ? 'Изменить ответ' : 'Ответить'}: заказ ${number}`}>
          {reply ? 'Изменить ответ' : 'Ответить'}
        </Button>
      )}
      {editable && open && <Editor id={id} reply={reply} draft={draft} onClose={() => setOpen(false)} />}
    </>
  );
}

interface EditorProps {
  id: number;
  reply: Schema<'ReviewReply'> | undefined;
  draft: ReturnType<typeof useDraft<Values>>;
  onClose: () => void;
}

function Editor({ id, reply, draft, onClose }: EditorProps) {
  const { message } = AntdApp.useApp();
  const [form] = Form.useForm<Values>();
  const problem = useProblem(form);
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.ownReviews.all });
  const save = useMutation({
    mutationFn: ({ text }: Values) =>
      unwrap(
        api.PUT('/api/engineer/reviews/{review}/reply', {
          params: { path: { review: id } },
          body: { text: text.trim(), version: reply?.version ?? 0 },
        }),
      ),
    onSuccess: refresh,
    // Somebody saved another reply: it is shown above, and what was typed stays.
    onError: () => void refresh(),
  });
  const send = (values: Values) => {
    problem.clear();
    save.mutateAsync(values).then(() => {
      draft.drop();
      void message.success('Ответ сохранён');
      onClose();
    }, problem.show);
  };
  return (
    <Form
      form={form}
      name={`reply-${id}`}
      layout="vertical"
      initialValues={draft.saved ?? { text: reply?.text ?? '' }}
      onValuesChange={(_, all: Values) => draft.save(all)}
      onFinish={send}
    >
      <Form.Item
        name="text"
        label="Ответ на отзыв"
        extra="Его увидят все. Не называйте заказчика и не пишите его данные."
        rules={[filledIn('Напишите ответ.')]}
      >
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this field */}
        <Input.TextArea rows={3} maxLength={2000} showCount autoFocus />
      </Form.Item>
      {problem.alert}
      <Space wrap>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          Сохранить
        </Button>
        <Button
          onClick={() => {
            draft.drop();
            onClose();
          }}
        >
          Не сохранять
        </Button>
      </Space>
    </Form>
  );
}
