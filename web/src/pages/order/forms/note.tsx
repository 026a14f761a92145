import type { ActionKind, Actions } from '@/api/actions';
import type { Schema } from '@/api/client';
import type { ActionForm, FieldsProps } from '@/pages/order/actions/actionForm';
import { NoteField } from '@/pages/order/fields/NoteField';
import { withText } from '@/pages/order/fields/text';

interface NoteValues {
  text?: Schema<'Note'>;
}

/** The actions that carry nothing but words. */
export type PlainKind = { [Kind in ActionKind]: Schema<'PlainInputNoteBody'> extends Actions[Kind] ? Kind : never }[ActionKind];

interface Wording {
  button?: string;
  submit?: string;
  danger?: boolean;
  /** What the action means and what follows. */
  about?: string;
  label?: string;
}

/** A form for words alone; whether they are wanted, the API says. */
export function noteForm({ about, label, ...wording }: Wording = {}): ActionForm<PlainKind> {
  return {
    ...wording,
    Fields: ({ action }: FieldsProps) => (
      <>
        {about && <p>{about}</p>}
        <NoteField required={action.reasoned ?? false} {...(label && { label })} />
      </>
    ),
    body: ({ text }: NoteValues) => withText(text),
  };
}
