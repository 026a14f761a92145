import { useMemo } from 'react';
import { useSession } from './session';
import { DraftStorage } from '@/shared/lib/draftStorage';
import { storageOr } from '@/shared/lib/memoryStorage';

export const drafts = new DraftStorage(storageOr('localStorage'));

interface Draft<T> {
  /** The values saved before the page or the session ended, for the form's initialValues. */
  saved: T | undefined;
  /** Saves the values; for the form's onValuesChange: (_, all) => save(all). */
  save: (values: T) => void;
  /** Removes the draft once the form was sent or discarded. */
  drop: () => void;
}

/**
 * Saves what a user types into a form until it is sent. form names the form within the app:
 * «response.<order>».
 */
export function useDraft<T>(form: string): Draft<T> {
  const person = useSession().person.id;
  return useMemo(
    () => ({
      saved: drafts.load<T>(person, form),
      save: (values: T) => drafts.save(person, form, values),
      drop: () => drafts.drop(person, form),
    }),
    [person, form],
  );
}
