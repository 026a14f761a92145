import type { ActionForm } from '@/features/order/actions/actionForm';
import { CandidateField } from '@/features/order/fields/CandidateField';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';
import { engineerChoiceBody, type EngineerChoiceValues } from './selection';
import type { NoteValues } from './note';

/** «Предложить замену исполнителя»: the employer proposes another of its engineers. */
export const proposeReplacement: ActionForm<'propose-replacement', EngineerChoiceValues> = {
  Fields: ({ card }) => (
    <>
      <p>
        Исполнителем станет другой ваш сотрудник, если он согласится, а модератор утвердит замену. До согласия он
        прочитает условия и документы заказа. Заказчик увидит, кто предложен.
      </p>
      <CandidateField order={card.id} />
      <NoteField label="Комментарий" extra="Его прочитают сотрудник, заказчик и модератор." />
    </>
  ),
  body: engineerChoiceBody,
};

/** The moderator decides on the engineer whom he sees on the card. */
const decision = (about: string): ActionForm<'approve-replacement' | 'reject-replacement', NoteValues> => ({
  Fields: ({ card, action }) => (
    <>
      <p>
        Предложен {card.replacement?.engineer.name}. {about}
      </p>
      <NoteField
        label="Обоснование"
        required={action.reasoned ?? false}
        extra="Его прочитают заказчик, исполнитель и его работодатель."
      />
    </>
  ),
  body: ({ text }, card) => ({
    details: { engineer: card.replacement?.engineer.id ?? '' },
    ...withText(text),
  }),
});

export const approveReplacement = decision(
  'Он станет исполнителем заказа по тому же договору, и заказ продолжится с того же этапа.',
);
export const rejectReplacement = decision(
  'Исполнитель останется прежним, заказ — приостановленным. Работодатель сможет предложить другого сотрудника.',
);
