import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { sendAction } from '@/shared/api/actions';
import { orderQuery } from '@/shared/api/order';
import { useDraft } from '@/shared/auth/useDraft';
import { queryKeys } from '@/shared/queryKeys';
import { shownChoice } from '@/shared/ui/fields/shownChoice';
import { ListState } from '@/shared/ui/list/ListState';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { useProblem } from '@/shared/ui/useProblem';
import { offerableQuery } from './queries';

interface Props {
  engineer: string;
  name: string;
  onClosed: () => void;
}

interface Values {
  order?: string;
  note?: string;
}

/** Offers one of the customer's own orders to an engineer. An order that cannot be offered says why. */
export function OfferDialog({ engineer, name, onClosed }: Props) {
  useFocusReturn();
  const [open, setOpen] = useState(true);
  const [form] = Form.useForm<Values>();
  const problem = useProblem(form);
  const draft = useDraft<Values>(`engineers.${engineer}.offer`);
  const orders = useQuery({ ...offerableQuery(engineer), staleTime: 0 });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const offer = useMutation({
    mutationFn: async ({ order = '', note = '' }: Values) => {
      const card = await queries.fetchQuery({ ...orderQuery(order), staleTime: 0 });
      const verdict = await sendAction(card, 'offer', { details: { engineer }, text: { note } });
      await Promise.all(
        [queryKeys.order.one(order), queryKeys.orders.all, queryKeys.publicEngineers.offerable(engineer)].map(
          (queryKey) => queries.invalidateQueries({ queryKey }),
        ),
      );
      return verdict;
    },
    onError: () => void orders.refetch(),
  });
  const send = (values: Values) => {
    problem.clear();
    offer.mutateAsync(values).then(() => {
      draft.drop();
      void navigate(`/orders/${values.order ?? ''}`);
    }, problem.show);
  };
  const items = orders.data ?? [];
  return (
    <Modal
      open={open}
      title={`Предложить заказ: ${name}`}
      onCancel={() => setOpen(false)}
      afterClose={onClosed}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <>
          <Button onClick={() => setOpen(false)}>Закрыть</Button>
          <Button
            type="primary"
            loading={offer.isPending}
            disabled={!items.some(({ reason }) => !reason)}
            onClick={() => form.submit()}
          >
            Предложить заказ
          </Button>
        </>
      }
    >
      <ListState
        query={orders}
        isEmpty={items.length === 0}
        empty={
          <>
            У вас нет заказов на этапе «Выбор исполнителя». <Link to="/orders">Мои заказы</Link>
          </>
        }
      >
        <Form
          form={form}
          layout="vertical"
          initialValues={draft.saved ?? {}}
          onValuesChange={(_, all: Values) => draft.save(all)}
          onFinish={send}
        >
          <Form.Item
            name="order"
            label="Заказ"
            required
            rules={[
              shownChoice(
                items.filter(({ reason }) => !reason).map(({ id }) => id),
                'Выберите заказ.',
              ),
            ]}
          >
            <Radio.Group className="offerable-orders">
              {items.map(({ id, number, workKind, region, reason }) => (
                <Radio key={id} value={id} disabled={Boolean(reason)}>
                  {[`Заказ ${number}`, workKind?.label, region?.label].filter(Boolean).join(', ')}
                  {reason && <div className="note">{reason}</div>}
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <Form.Item name="note" label="Комментарий инженеру">
            <Input.TextArea rows={3} maxLength={4000} />
          </Form.Item>
          {problem.alert}
        </Form>
      </ListState>
    </Modal>
  );
}
