import { Button, Form, type FormInstance, Radio, Space } from 'antd';
import { Link } from 'react-router';
import { formatDateTime } from '@/shared/lib/dates';
import type { LiveOrder } from './queries';
import { answerLabels } from './labels';

interface Props {
  form: FormInstance;
  orders: readonly LiveOrder[];
  /** Called after an answer was set for all orders. */
  onAll: () => void;
}

/** Asks what becomes of each order of an employee: each its own answer, or one for all. */
export function OrderAnswers({ form, orders, onAll }: Props) {
  const setAll = (answer: 'hold' | 'reselect') => {
    form.setFieldsValue({
      answers: Object.fromEntries(orders.map(({ id, signed }) => [id, signed ? 'hold' : answer])),
    });
    onAll();
  };
  return (
    <fieldset className="staff-orders">
      <legend>Что станет с его заказами ({orders.length})</legend>
      {orders.length > 1 && orders.some(({ signed }) => !signed) && (
        <Space wrap>
          <Button size="small" onClick={() => setAll('hold')}>
            Все приостановить
          </Button>
          <Button size="small" onClick={() => setAll('reselect')}>
            Все неподписанные вернуть к выбору
          </Button>
        </Space>
      )}
      <ul className="row-cards">
        {orders.map((one) => (
          <li key={one.id}>
            <Link to={`/orders/${one.id}`} target="_blank">
              Заказ {one.number}
            </Link>
            <div className="note">
              {[
                one.label,
                one.suspended && 'приостановлен',
                one.customer,
                one.deadline && `срок ${formatDateTime(one.deadline)}`,
              ]
                .filter(Boolean)
                .join(', ')}
            </div>
            {one.signed ? (
              <p className="note">
                Договор подписан обеими сторонами: заказ {one.suspended ? 'останется' : 'будет'} приостановлен. После
                этого можно предложить вместо исполнителя другого вашего сотрудника.
              </p>
            ) : (
              <Form.Item
                name={['answers', one.id]}
                label={`Что станет с заказом ${one.number}`}
                rules={[{ required: true, message: 'Выберите, что станет с этим заказом.' }]}
              >
                <Radio.Group
                  options={(['reselect', 'hold'] as const).map((value) => ({ value, label: answerLabels[value] }))}
                />
              </Form.Item>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
