import { ClockCircleOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useSession } from '@/shared/auth/session';
import { formatDateTime, formatRelative } from '@/shared/lib/dates';
import { deadlineText } from '@/shared/lib/deadline';
import type { OrderCard } from '@/shared/api/order';
import { stepTakenBy } from '@/features/order/actions/nextAction';
import { fromWhom } from '@/features/order/labels';

/** Shows who must take the next step, which one, and by when. */
export function NextStep({ card }: { card: OrderCard }) {
  const { waits } = card;
  const { role } = useSession();
  if (!waits) return null;
  const other = waits.from === role ? stepTakenBy(card) : undefined;
  const own = waits.from === role && !other;
  const term = deadlineText(waits);
  const from = other ?? (waits.from ? fromWhom(waits.from) : '');
  // Avoids the repetition in «от заказчика подписи заказчика».
  const what = from ? waits.what.replace(` ${from}`, '') : waits.what;
  return (
    <p className={own ? 'next-step own' : 'next-step'}>
      <ClockCircleOutlined aria-hidden />
      <span>
        {own ? <strong>Ваш шаг: </strong> : null}
        {own ? 'заказ ждёт от вас' : `Заказ ждёт${from ? ` от ${from}` : ''}`} {what}
        {term && !waits.overdue && (
          <>
            {' '}
            {term} {waits.deadline && <span className="note">({formatRelative(waits.deadline)})</span>}
          </>
        )}
        . {waits.overdue && <Tag color="red">{term}</Tag>}
        {card.silenceAccepts && (
          <>
            {' '}
            По договору, если заказчик не ответит, работы будут приняты без замечаний{' '}
            {formatDateTime(card.silenceAccepts)}.
          </>
        )}
      </span>
    </p>
  );
}
