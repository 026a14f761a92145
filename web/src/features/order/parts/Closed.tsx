import { Alert } from 'antd';
import { Link } from 'react-router';
import { useDraft } from '@/shared/auth/useDraft';
import { formatMoney, parseMoney } from '@/shared/lib/money';
import { useClosing } from '@/shared/lib/openOrders';
import { termText } from '@/shared/lib/term';
import { draftName } from '@/features/order/actions/actionForm';
import { termOf } from '@/features/order/fields/TermFields';
import type { BidValues } from '@/features/order/forms/selection';
import type { OrderCard } from '@/shared/api/order';

/** Whether an order that somebody found in the search is not open to him any more. Who has responded, or has an offer, sees what becomes of it. */
export const isClosed = (
  { party, stage, responses, offer }: Pick<OrderCard, 'party' | 'stage' | 'responses' | 'offer'>,
  ended: boolean,
) => ended && !party && !offer && stage.code === 'selection' && !responses?.length;

/** What became of an open order while somebody looked at it, and the response that he was writing. */
export function Closed({ card }: { card: OrderCard }) {
  const why = useClosing(card.id) ?? 'Заказчик отменил заказ, или выбран другой исполнитель';
  const { kept } = useDraft<BidValues>(draftName(card.id, 'respond'));
  return (
    <Alert
      type="warning"
      showIcon
      role="status"
      title={why}
      description={
        <>
          <p>
            Откликнуться больше нельзя. Другие заказы есть в разделе <Link to="/orders/search">«Поиск по заказам»</Link>
            .
          </p>
          {kept && (
            <>
              <p>Ваш отклик не отправлен. Вы написали:</p>
              <blockquote className="words">{bidText(kept)}</blockquote>
            </>
          )}
        </>
      }
    />
  );
}

/** A response as it was typed, with what can be read of it. */
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
