import { Badge } from 'antd';
import { Link } from 'react-router';
import type { Schema } from '@/shared/api/client';
import { formatDateTime } from '@/shared/lib/dates';

type Notification = Schema<'Notification'>;

interface Props {
  items: readonly Notification[];
  onOpen: (notification: Notification) => void;
}

/** Lists notifications. New ones have a blue circle. Each links to its order. */
export function NotificationList({ items, onOpen }: Props) {
  return (
    <ul className="notification-list">
      {items.map((item) => (
        <li key={item.id} className={item.read ? '' : 'new'}>
          <span className="notification-mark">{!item.read && <Badge status="processing" />}</span>
          <div>
            <div>
              {!item.read && <span className="visually-hidden">Новое: </span>}
              {item.text}
            </div>
            <div className="note">
              <time dateTime={item.createdAt}>{formatDateTime(item.createdAt)}</time>
              {item.order && (
                <>
                  {' · '}
                  <Link to={`/orders/${item.order}`} onClick={() => onOpen(item)}>
                    {item.number ? `Заказ ${item.number}` : 'Заказ'}
                  </Link>
                </>
              )}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
