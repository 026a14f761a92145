import { Alert } from 'antd';
import { Link } from 'react-router';
import { useDraft } from '@/shared/auth/useDraft';
import { formatMoney, parseMoney } from '@/shared/lib/money';
import { useClosingReason } from '@/shared/lib/openOrders';
import { termText } from '@/shared/lib/term';
import { draftName } from '@/features/order/actions/actionForm';
import { termOf } from '@/features/order/fields/TermFields';
import type { BidValues } from '@/features/order/forms/selection';
import type { OrderCard } from '@/shared/api/order';

/**
 * Reports whether an order that an engineer found in the search is no longer open to him. An
 * engineer who has responded or has an offer still sees what happens to it.
 */
export const isClosed = (
  { party, stage, responses, offer }: Pick<OrderCard, 'party' | 'stage' | 'responses' | 'offer'>,
  unavailable: boolean,
) => unavailable && !party && !offer && stage.code === 'selection' && !responses?.length;

/**
 * Shows what happened to an open order while it was on the screen, and the response that was being
 * written.
 */
export function Closed({ card }: { card: OrderCard }) {
  const reason = useClosingReason(card.id) ?? 'Заказчик отменил заказ, или выбран другой исполнитель';
  const { saved } = useDraft<BidValues>(draftName(card.id, 'respond'));
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      title={reason}
      description={
        <>
          <p>
            Откликнуться больше нельзя. Другие заказы есть в разделе <Link to="/orders/search">«Поиск по заказам»</Link>
            .
          </p>
          {saved && (
            <>
              <p>Ваш отклик не отправлен. Вы написали:</p>
              <blockquote className="user-text">{bidText(saved)}</blockquote>
            </>
          )}
        </>
      }
    />
  );
}

/** Formats a draft of a response, parsing what is valid in it. */
export function bidText({ details, text, ...values }: BidValues): string {
  const price = parseMoney(details?.price ?? '');
  const term = termOf({ ...values, ...(details && { details }) });
  return [
    details?.price && `Стоимость: ${price === undefined ? details.price : formatMoney(price)}`,
    `Срок: ${termText(term)}`,
    text?.note,
  ]
    .filter(Boolean)
    .join('\n');
}
