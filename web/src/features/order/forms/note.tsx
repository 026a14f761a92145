import type { ActionKind, Actions } from '@/shared/api/actions';
import type { Schema } from '@/shared/api/client';
import type { ActionForm, FieldsProps } from '@/features/order/actions/actionForm';
import { NoteField } from '@/features/order/fields/NoteField';
import { withText } from '@/features/order/fields/text';

export interface NoteValues {
  text?: Schema<'Note'>;
}

/** The actions whose body has only a text. */
export type NoteKind = {
  [Kind in ActionKind]: Schema<'PlainInputNoteBody'> extends Actions[Kind] ? Kind : never;
}[ActionKind];

interface Labels {
  button?: string;
  submit?: string;
  danger?: boolean;
  /** What the action means and what it causes. */
  about?: string;
  label?: string;
}

/** Returns a form with a text field only. The API says whether the text is required. */
export function noteForm({ about, label, ...labels }: Labels = {}): ActionForm<NoteKind, NoteValues> {
  return {
    ...labels,
    Fields: ({ action }: FieldsProps) => (
      <>
        {about && <p>{about}</p>}
        <NoteField required={action.reasoned ?? false} {...(label && { label })} />
      </>
    ),
    body: ({ text }) => withText(text),
  };
}
