import { App as AntdApp, Button, Card, Form } from 'antd';
import { useAction } from '@/shared/api/useAction';
import { useDraft } from '@/shared/auth/useDraft';
import { allValues } from '@/shared/ui/formValues';
import { useProblem } from '@/shared/ui/useProblem';
import type { Action } from '@/features/order/actions/actionForm';
import { rate, type RateValues } from '@/features/order/forms/payment';
import type { OrderCard } from '@/shared/api/order';

/** Shows the form for a rating and a review from «Оплата произведена» until there is a rating. */
export function RatingPanel({ card }: { card: OrderCard }) {
  const action = card.actions.find(({ kind, open }) => kind === 'rate' && open);
  return action && !card.rating ? <RatingForm card={card} action={action} /> : null;
}

function RatingForm({ card, action }: { card: OrderCard; action: Action }) {
  const { message } = AntdApp.useApp();
  const [form] = Form.useForm<RateValues>();
  const draft = useDraft<RateValues>(`rating.${card.id}`);
  const problem = useProblem(form);
  const send = useAction(card, 'rate');
  return (
    <Card title={<h2>Оценка работы</h2>}>
      <Form
        form={form}
        name="rating" // a prefix for the ids: the dialog has the same fields
        layout="vertical"
        initialValues={draft.saved ?? {}}
        onValuesChange={() => draft.save(allValues(form))}
        onFinish={() => {
          if (send.isPending) return;
          problem.clear();
          send.mutateAsync(rate.body(allValues(form), card)).then(() => {
            draft.drop();
            void message.success('Оценка сохранена');
          }, problem.show);
        }}
      >
        <rate.Fields card={card} action={action} />
        {problem.alert}
        <Button type="primary" htmlType="submit" loading={send.isPending}>
          Сохранить
        </Button>
      </Form>
    </Card>
  );
}
