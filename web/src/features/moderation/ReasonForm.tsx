import type { UseMutationResult } from '@tanstack/react-query';
import { Button, Form, Input, Space } from 'antd';
import { useDraft } from '@/shared/auth/useDraft';
import { useProblem } from '@/shared/ui/useProblem';
import { filledIn } from '@/shared/lib/humanText';

interface Values {
  reason: string;
}

interface Props {
  /** The label of the submit button. */
  submit: string;
  danger?: boolean;
  /** The name of the draft that stores an unsent reason. */
  draft: string;
  extra?: string;
  mutation: UseMutationResult<unknown, Error, string>;
  onCancel: () => void;
}

/**
 * A form for the required reason of a decision. What was typed is kept through a refusal and the
 * end of the session.
 */
export function ReasonForm({ submit, danger = false, draft, extra, mutation, onCancel }: Props) {
  const [form] = Form.useForm<Values>();
  const problem = useProblem(form);
  const { saved, save, drop } = useDraft<Values>(draft);
  const send = ({ reason }: Values) => {
    problem.clear();
    // The draft is dropped even if the decision has closed the form by then.
    mutation.mutateAsync(reason.trim()).then(drop, problem.show);
  };
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={send}
      onValuesChange={(_, all: Values) => save(all)}
      {...(saved && { initialValues: saved })}
    >
      <Form.Item name="reason" label="Причина" extra={extra} rules={[filledIn('Укажите причину.')]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- a dialog, whose first field gets the focus */}
        <Input.TextArea rows={3} maxLength={1000} showCount autoFocus />
      </Form.Item>
      {problem.alert}
      <Space wrap className="reason-buttons">
        <Button type="primary" danger={danger} htmlType="submit" loading={mutation.isPending}>
          {submit}
        </Button>
        <Button onClick={onCancel}>Отмена</Button>
      </Space>
    </Form>
  );
}
