import type { ActionKind, Actions } from '@/shared/api/actions';
import type { Schema } from '@/shared/api/client';
import type { ActionForm, FieldsProps } from '@/features/order/actions/actionForm';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';

export interface NoteValues {
  text?: Schema<'Note'>;
}

/** The actions that carry nothing but words. */
export type PlainKind = {
  [Kind in ActionKind]: Schema<'PlainInputNoteBody'> extends Actions[Kind] ? Kind : never;
}[ActionKind];

interface Wording {
  button?: string;
  submit?: string;
  danger?: boolean;
  /** What the action means and what follows. */
  about?: string;
  label?: string;
}

/** A form for words alone; whether they are wanted, the API says. */
export function noteForm({ about, label, ...wording }: Wording = {}): ActionForm<PlainKind, NoteValues> {
  return {
    ...wording,
    Fields: ({ action }: FieldsProps) => (
      <>
        {about && <p>{about}</p>}
        <NoteField required={action.reasoned ?? false} {...(label && { label })} />
      </>
    ),
    body: ({ text }) => withText(text),
  };
}
