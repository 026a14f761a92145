import { Form, Radio } from 'antd';
import type { Schema } from '@/shared/api/client';
import type { ActionForm, FieldsProps } from '@/features/order/actions/actionForm';
import { AmountField, kopecksOf } from '@/features/order/fields/AmountField';
import { CandidateField } from '@/features/order/fields/CandidateField';
import type { NoteValues } from './note';
import { shownChoice } from '@/shared/ui/fields/shownChoice';
import { NoteField } from '@/features/order/fields/NoteField';
import { TermFields, termOf, type TermValues } from '@/features/order/fields/TermFields';
import { withText } from '@/features/order/fields/text';
import { amountText } from '@/shared/lib/money';
import { bidStaysText, canBeChosen, choiceLabel } from '@/features/order/responses';
import { formatMoney } from '@/shared/lib/money';
import type { OrderCard } from '@/shared/api/order';
import { termText } from '@/shared/lib/term';

export interface BidValues extends TermValues {
  details?: { price?: string; termDate?: string; termDays?: number | string };
  text?: Schema<'Note'>;
}

/** «Откликнуться»: price and term. */
export const respond: ActionForm<'respond', BidValues> = {
  Fields: () => (
    <>
      <AmountField name={['details', 'price']} label="Стоимость работ" />
      <TermFields />
      <NoteField label="Комментарий заказчику" />
    </>
  ),
  initial: ({ terms }) => ({
    term: terms?.termDays ? 'days' : 'date',
    details: {
      price: terms?.price ? amountText(terms.price) : '',
      termDate: terms?.termDate,
      termDays: terms?.termDays,
    },
  }),
  body: ({ details, text, ...values }) => ({
    details: { price: kopecksOf(details?.price), ...termOf({ ...values, ...(details && { details }) }) },
    ...withText(text),
  }),
};

const agreementForm = (about: string) => ({
  Fields: ({ card }: FieldsProps) => (
    <>
      <p>{about}</p>
      {card.responses?.[0] && <p>{bidStaysText(card.responses[0])}</p>}
      <p>
        Условия: стоимость {card.terms?.price ? formatMoney(card.terms.price) : 'не указана'}, срок{' '}
        {termText(card.terms ?? {})}. Редакция условий {card.revision ?? 1}.
      </p>
      <NoteField label="Комментарий заказчику" />
    </>
  ),
  body: ({ text }: NoteValues, { revision }: OrderCard) => ({
    details: { revision: revision ?? 1 },
    ...withText(text),
  }),
});

/** «Принять заказ в работу», with the conditions that were shown. */
export const acceptOffer: ActionForm<'accept-offer', NoteValues> = agreementForm(
  'Вы станете исполнителем заказа. Следующий шаг — подготовить и подписать договор.',
);

export const acceptChanges: ActionForm<'accept-changes', NoteValues> = agreementForm(
  'Заказчик изменил условия. Подтвердите, что согласны на них.',
);

interface EngineerChoiceValues {
  details?: { engineer?: string };
  text?: Schema<'Note'>;
}

const engineerChoiceBody = ({ details, text }: EngineerChoiceValues) => ({
  details: { engineer: (details?.engineer ?? '').trim() },
  ...withText(text),
});

/** «Выбрать исполнителя» among the responses to the current conditions. */
export const choose: ActionForm<'choose', EngineerChoiceValues> = {
  Fields: ({ card }) => (
    <>
      <Form.Item
        name={['details', 'engineer']}
        label="Исполнитель"
        required
        rules={[
          shownChoice(
            (card.responses ?? []).filter(canBeChosen).map(({ engineer }) => engineer.id),
            'Выберите исполнителя.',
          ),
        ]}
      >
        <Radio.Group
          className="choices"
          options={(card.responses ?? []).map((response) => ({
            value: response.engineer.id,
            disabled: !canBeChosen(response),
            label: choiceLabel(response),
          }))}
        />
      </Form.Item>
      <p className="note">
        Остальные откликнувшиеся узнают, что исполнитель выбран. Следующий шаг исполнителя — договор.
      </p>
      <NoteField label="Комментарий исполнителю" />
    </>
  ),
  initial: ({ responses }) => {
    const choosable = (responses ?? []).filter(canBeChosen);
    return choosable.length === 1 ? { details: { engineer: choosable[0]?.engineer.id } } : {};
  },
  body: engineerChoiceBody,
};

/** «Предложить заказ» to one engineer. */
export const offer: ActionForm<'offer', EngineerChoiceValues> = {
  Fields: ({ card }) => (
    <>
      <CandidateField order={card.id} />
      <p className="note">Предложение действует 3 дня. Пока оно открыто, другому инженеру заказ предложить нельзя.</p>
      <NoteField label="Комментарий инженеру" />
    </>
  ),
  body: engineerChoiceBody,
};

/** «Заменить исполнителя»: with another engineer of the same organisation. */
export const replaceEngineer: ActionForm<'replace-engineer', EngineerChoiceValues> = {
  Fields: ({ card, action }) => (
    <>
      <p>
        Заменить исполнителя можно только кадастровым инженером того же юридического лица
        {card.performer?.employer ? `: ${card.performer.employer}` : ''}.
      </p>
      <CandidateField order={card.id} />
      <NoteField required={action.reasoned ?? false} />
    </>
  ),
  body: engineerChoiceBody,
};
