import { useMemo } from 'react';
import { useSession } from './session';
import { DraftKeeper } from '@/shared/lib/draftKeeper';
import { storageOr } from '@/shared/lib/memoryStorage';

export const drafts = new DraftKeeper(storageOr('localStorage'));

interface Draft<T> {
  /** What was typed before the page or the session went, for the form's initialValues. */
  kept: T | undefined;
  /** For the form's onValuesChange: (_, all) => keep(all). */
  keep: (values: T) => void;
  /** Once it was sent, or given up. */
  drop: () => void;
}

/** Keeps what a person types into a form until it is sent. form names it within the app: «response.<order>». */
export function useDraft<T>(form: string): Draft<T> {
  const person = useSession().person.id;
  return useMemo(
    () => ({
      kept: drafts.load<T>(person, form),
      keep: (values: T) => drafts.save(person, form, values),
      drop: () => drafts.drop(person, form),
    }),
    [person, form],
  );
}
