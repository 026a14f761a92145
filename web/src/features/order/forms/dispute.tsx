import { Form, Radio } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { ActionForm } from '@/features/order/actions/actionForm';
import type { NoteValues } from './note';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';
import type { OrderCard } from '@/shared/api/order';
import { groundName } from '@/features/order/labels';

type Ground = Schema<'DisputeCall'>['ground'];
type Settlement = Schema<'DisputeSettlement'>['settlement'];

interface CallValues {
  details?: { ground?: Ground };
  text?: Schema<'Note'>;
}

const grounds: Ground[] = ['results', 'payment', 'registration', 'termination'];

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** «Пригласить модератора». */
export const openDispute: ActionForm<'open-dispute', CallValues> = {
  Fields: ({ action }) => (
    <>
      <p>
        Модератор увидит заказ с документами и историей и примет решение. По качеству результатов его приглашают после
        трёх возвратов на доработку.
      </p>
      <Form.Item
        name={['details', 'ground']}
        label="Предмет спора"
        rules={[{ required: true, message: 'Выберите предмет спора.' }]}
      >
        <Radio.Group
          className="choices"
          options={grounds.map((value) => ({ value, label: capitalise(groundName(value)) }))}
        />
      </Form.Item>
      <NoteField label="В чём спор" required={action.reasoned ?? false} />
    </>
  ),
  body: ({ details, text }) => ({
    details: { ground: details?.ground ?? 'termination' },
    ...withText(text),
  }),
};

interface SettlementValues {
  details?: { settlement?: Settlement };
  text?: Schema<'Note'>;
}

const settlements: { value: Settlement; label: string }[] = [
  { value: 'continue', label: 'Продолжить заказ с того же шага' },
  { value: 'rework', label: 'Вернуть в работу' },
  { value: 'terminate', label: 'Прекратить договор, заказ закрывается' },
];

/** «Решить спор», for the moderator. */
export const settleDispute: ActionForm<'settle-dispute', SettlementValues> = {
  Fields: ({ action }) => (
    <>
      <Form.Item
        name={['details', 'settlement']}
        label="Решение"
        rules={[{ required: true, message: 'Выберите решение.' }]}
      >
        <Radio.Group className="choices" options={settlements} />
      </Form.Item>
      <NoteField label="Обоснование" required={action.reasoned ?? false} extra="Его прочитают обе стороны." />
    </>
  ),
  body: ({ details, text }) => ({
    details: { settlement: details?.settlement ?? 'continue' },
    ...withText(text),
  }),
};

/**
 * Reports whether this source has suspended this order. The action then lifts the hold, otherwise
 * it sets one. A moderator's block of the engineer also suspends the order, but is lifted
 * elsewhere.
 */
export const hasHold = ({ holds }: Pick<OrderCard, 'holds'>, source: string) =>
  holds?.some((hold) => hold.source === source && (source !== 'moderator' || hold.thisOrder)) ?? false;

/**
 * «Приостановить этот заказ», «Возобновить этот заказ»: concerns this order only, not its engineer.
 */
function holdOrder(
  source: 'moderator' | 'employer',
  otherOrders: string,
): ActionForm<'moderator-status' | 'employer-status', NoteValues> {
  return {
    Fields: ({ card, action }) => (
      <>
        {hasHold(card, source) ? (
          <p>
            Заказ вернётся на прежний этап, сроки пойдут дальше. Если его приостановил кто-то ещё, он останется
            приостановленным.
          </p>
        ) : (
          <p>
            Приостановится только этот заказ: сроки остановятся, действия сторон закроются до возобновления.{' '}
            {otherOrders}
          </p>
        )}
        <NoteField label="Причина" required={action.reasoned ?? false} extra="Её прочитают заказчик и исполнитель." />
      </>
    ),
    body: ({ text }, card) => ({
      details: { engineer: card.performer?.id ?? '', active: hasHold(card, source) },
      ...withText(text),
    }),
  };
}

export const moderatorStatus = holdOrder(
  'moderator',
  'Исполнитель сможет работать по другим заказам; заблокировать его самого можно в разделе «Кадастровые инженеры».',
);
export const employerStatus = holdOrder('employer', 'По другим заказам исполнитель продолжит работать.');
