import { Button, Modal } from 'antd';
import { Link } from 'react-router';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import type { LiveOrder } from './queries';

interface Props {
  orders: readonly LiveOrder[];
  onClose: () => void;
}

/** After a suspension or a removal: leads to the signed orders in which the performer may be replaced. */
export function HeldOrdersDialog({ orders, onClose }: Props) {
  useFocusReturn();
  return (
    <Modal
      open
      title="Заказы приостановлены"
      onCancel={onClose}
      destroyOnHidden
      footer={
        <Button type="primary" onClick={onClose}>
          Готово
        </Button>
      }
    >
      <p>Предложите в этих заказах замену, чтобы их продолжил другой ваш сотрудник. Это можно сделать и позже.</p>
      <ul className="row-cards">
        {orders.map(({ id, number, customer }) => (
          <li key={id}>
            <Link to={`/orders/${id}?action=propose-replacement`}>Предложить замену в заказе {number}</Link>
            <div className="note">{customer}</div>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
