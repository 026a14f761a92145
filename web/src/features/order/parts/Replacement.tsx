import { Space } from 'antd';
import { formatDateTime } from '@/shared/lib/dates';
import type { OrderCard } from '@/shared/api/order';
import { ActionButton } from '@/features/order/actions/ActionButton';
import type { Action } from '@/features/order/actions/actionForm';
import { answersReplacement } from '@/features/order/actions/nextAction';

interface Props {
  card: OrderCard;
  onOpen: (action: Action) => void;
}

/** Shows whom the employer proposes in place of the performer, and the answers of who may answer. */
export function Replacement({ card, onOpen }: Props) {
  const { replacement } = card;
  if (!replacement) return null;
  const { engineer, since, agreed, note, reason } = replacement;
  // Only the proposed engineer may decline.
  const own = card.actions.some(({ kind }) => kind === 'decline-replacement');
  const closed = replacement.void ?? false;
  const answers = closed ? [] : card.actions.filter((action) => action.open && answersReplacement(action));
  return (
    <section className="order-proposal" aria-label="Замена исполнителя">
      <h2>{own ? 'Вам предлагают заменить исполнителя' : `Предложена замена исполнителя: ${engineer.name}`}</h2>
      <p className="note">
        {[
          !own && engineer.registryNumber && `№ ${engineer.registryNumber} в реестре`,
          engineer.employer,
          `предложено ${formatDateTime(since)}`,
          agreed && `согласие ${formatDateTime(agreed)}`,
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
      {note && <blockquote className="user-text">«{note}»</blockquote>}
      {reason && (
        <p>
          {closed ? 'Предложение больше не действует. ' : 'Сейчас заменить исполнителя нельзя. '}
          {reason}
        </p>
      )}
      {!closed && <p className="note">{explanation(own, agreed !== undefined)}</p>}
      {answers.length > 0 && (
        <Space wrap>
          {answers.map((action) => (
            <ActionButton key={action.kind} card={card} action={action} emphasis="equal" onOpen={onOpen} />
          ))}
        </Space>
      )}
    </section>
  );
}

function explanation(own: boolean, agreed: boolean): string {
  if (agreed) return 'Решение за модератором. Если он утвердит замену, заказ продолжится с новым исполнителем.';
  if (own)
    return 'Прочитайте условия и документы ниже: договор останется прежним. Если вы согласитесь и модератор утвердит замену, вы станете исполнителем.';
  return 'Предложенный кадастровый инженер ещё не ответил. Когда он согласится, решение примет модератор.';
}
