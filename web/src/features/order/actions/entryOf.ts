import type { Action, ActionPage, AnyActionForm } from './actionForm';
import { actionForms } from './actionForms';

/** How an action is made; undefined for one that is newer than this page. */
export function entryOf({ kind }: Action): AnyActionForm | ActionPage | undefined {
  return (actionForms as Record<string, AnyActionForm | ActionPage | undefined>)[kind];
}
