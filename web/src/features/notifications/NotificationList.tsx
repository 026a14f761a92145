import { Badge, Button } from 'antd';
import { Link } from 'react-router';
import type { Schema } from '@/shared/api/client';
import { formatDateTime } from '@/shared/lib/dates';
import { pageOfNotification } from './pageOfNotification';

type Notification = Schema<'Notification'>;

interface Props {
  items: readonly Notification[];
  onOpen: (notification: Notification) => void;
  onRead: (notification: Notification) => void;
}

/**
 * Lists notifications. New ones have a blue circle. Each links to its order, and to the page on which
 * the reader acts on it.
 */
export function NotificationList({ items, onOpen, onRead }: Props) {
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
              <Links item={item} onOpen={onOpen} />
              {!item.read && (
                <>
                  {' · '}
                  <Button type="link" size="small" aria-label={`Прочитано: ${item.text}`} onClick={() => onRead(item)}>
                    Прочитано
                  </Button>
                </>
              )}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Links({ item, onOpen }: { item: Notification; onOpen: (notification: Notification) => void }) {
  const page = item.page && pageOfNotification[item.page];
  return (
    <>
      {page && (
        <>
          {' · '}
          <Link to={page.path} onClick={() => onOpen(item)}>
            {page.label}
          </Link>
        </>
      )}
      {item.order && (
        <>
          {' · '}
          <Link to={`/orders/${item.order}`} onClick={() => onOpen(item)}>
            {item.number ? `Заказ ${item.number}` : 'Заказ'}
          </Link>
        </>
      )}
    </>
  );
}
