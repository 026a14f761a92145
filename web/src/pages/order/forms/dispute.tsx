import { Form, Radio } from 'antd';
import type { Schema } from '../../../api/client';
import type { ActionForm } from '../actions/actionForm';
import { NoteField } from '../fields/NoteField';
import { withText } from '../fields/text';
import { groundName } from '../words';

type Ground = Schema<'DisputeCall'>['ground'];
type Settlement = Schema<'DisputeSettlement'>['settlement'];

interface CallValues {
  details?: { ground?: Ground };
  text?: Schema<'Note'>;
}

const grounds: Ground[] = ['results', 'payment', 'registration', 'termination'];

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** «Пригласить модератора». */
export const openDispute: ActionForm<'open-dispute'> = {
  Fields: ({ action }) => (
    <>
      <p>Модератор увидит заказ с документами и историей и примет решение. По качеству результатов его приглашают после трёх возвратов на доработку.</p>
      <Form.Item name={['details', 'ground']} label="Предмет спора" rules={[{ required: true, message: 'Выберите предмет спора.' }]}>
        <Radio.Group className="choices" options={grounds.map((value) => ({ value, label: capital(groundName(value)) }))} />
      </Form.Item>
      <NoteField label="В чём спор" required={action.reasoned ?? false} />
    </>
  ),
  body: ({ details, text }: CallValues) => ({ details: { ground: details?.ground ?? 'termination' }, ...withText(text) }),
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

/** «Решить спор», by the moderator. */
export const settleDispute: ActionForm<'settle-dispute'> = {
  Fields: ({ action }) => (
    <>
      <Form.Item name={['details', 'settlement']} label="Решение" rules={[{ required: true, message: 'Выберите решение.' }]}>
        <Radio.Group className="choices" options={settlements} />
      </Form.Item>
      <NoteField label="Обоснование" required={action.reasoned ?? false} extra="Его прочитают обе стороны." />
    </>
  ),
  body: ({ details, text }: SettlementValues) => ({ details: { settlement: details?.settlement ?? 'continue' }, ...withText(text) }),
};

interface StandingValues {
  details?: { active?: boolean };
  text?: Schema<'Note'>;
}

/** What a moderator or an employer says of the performer: this order stands still while he may not act. */
function standing(stop: string, go: string): ActionForm<'moderator-status' | 'employer-status'> {
  return {
    Fields: ({ card, action }) => (
      <>
        <p>Исполнитель: {card.performer?.name ?? 'ещё не выбран'}. Пока он не может действовать, этот заказ приостановлен.</p>
        <Form.Item name={['details', 'active']} label="Решение" rules={[{ required: true, message: 'Выберите решение.' }]}>
          <Radio.Group className="choices" options={[{ value: false, label: stop }, { value: true, label: go }]} />
        </Form.Item>
        <NoteField label="Причина" required={action.reasoned ?? false} />
      </>
    ),
    body: ({ details, text }: StandingValues, { performer }) => ({
      details: { engineer: performer?.id ?? '', active: details?.active ?? true }, ...withText(text),
    }),
  };
}

export const moderatorStatus = standing('Заблокировать исполнителя', 'Снять блокировку');
export const employerStatus = standing('Приостановить деятельность исполнителя', 'Возобновить деятельность исполнителя');
