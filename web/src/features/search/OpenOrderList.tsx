import { Link } from 'react-router';
import type { SectionState } from '@/shared/routing/activeSection';
import { formatDateTime, formatRelative } from '@/shared/lib/dates';
import { useClosingReason } from '@/shared/lib/openOrders';
import { counted } from '@/shared/lib/plural';
import { termText } from '@/shared/lib/term';
import { priceText } from '@/shared/lib/orderTexts';
import type { OpenOrder } from './queries';
import './search.css';

/**
 * Lists open orders: the work and the place, the price and the term, and the number of responses.
 */
export function OpenOrderList({ orders }: { orders: readonly OpenOrder[] }) {
  return (
    <ul className="open-orders">
      {orders.map((order) => (
        <li key={order.id}>
          <div className="open-order-what">
            <h2>
              <Link to={`/orders/${order.id}`} state={{ section: '/orders/search' } satisfies SectionState}>
                {order.workKind?.label ?? 'Кадастровые работы'}
              </Link>
            </h2>
            <div>{placeText(order)}</div>
            <div className="note">
              Заказ {order.number}
              {order.publishedAt && (
                <>
                  {' · опубликован '}
                  <time dateTime={order.publishedAt} title={formatDateTime(order.publishedAt)}>
                    {formatRelative(order.publishedAt)}
                  </time>
                </>
              )}
            </div>
            <div className="note">{customerText(order.customerKind)}</div>
          </div>
          <div className="open-order-terms">
            <strong>{priceText(order)}</strong>
            <div>Срок: {termText(order)}</div>
            {order.prepayment && <div>Заказчик согласен на предоплату</div>}
            {order.registration && <div>Нужна постановка на ГКУ/ГРП</div>}
            <div className="note">
              {order.responses > 0 ? counted(order.responses, 'отклик', 'отклика', 'откликов') : 'Откликов пока нет'}
            </div>
            <Closed order={order.id} />
            {order.responded && <span className="responded">Вы откликнулись</span>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Closed({ order }: { order: string }) {
  const reason = useClosingReason(order);
  return reason ? (
    <div className="closed" role="status">
      {reason}
    </div>
  ) : null;
}

/**
 * Returns the place of an order. An address often contains the region and the city already, so they
 * are not repeated.
 */
function placeText({ region, city, address }: OpenOrder): string {
  const around = [region?.label, city].filter((part) => part && !address?.includes(part));
  return [...around, address].filter(Boolean).join(', ') || 'Место не указано';
}

/** Only the chosen engineer sees the customer's name. */
function customerText(kind: OpenOrder['customerKind']): string {
  return kind === 'organisation' ? 'Заказчик — юридическое лицо' : 'Заказчик — физическое лицо';
}
